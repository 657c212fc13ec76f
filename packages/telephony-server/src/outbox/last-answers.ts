import type { Runner } from '@openclaw/telephony-store';

/** What leaves at once has left long before; what is paced for longer is as safe in the store. */
const mostMs = 5000;

/** Lets leave what the last runs of the application have answered, as far as it may leave now. */
export async function sendLastAnswers(
  outward: readonly Runner[],
  graceMs: number | undefined,
): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, Math.min(mostMs, graceMs ?? mostMs));
  });
  await Promise.race([Promise.all(outward.map((runner) => runner.idle())), late]);
  clearTimeout(timer);
}
