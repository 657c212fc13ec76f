import { Retry } from '@openclaw/telephony-store';

/** Waits for something that others do, but neither for ever nor beyond the end of the server. */
export type Patience = <Result>(act: () => Promise<Result>) => Promise<Result>;

/** Somebody else's part took too long. */
export class TookTooLong extends Error {
  override readonly name = 'TookTooLong';
}

/**
 * Makes the wait: rejects with {@link TookTooLong} after `timeoutMs`, default a minute, and with `Retry` once `givenUp`
 * is aborted. What goes on all the same is left to itself, and its end is nobody's business.
 */
export function createPatience(options: {
  readonly givenUp: AbortSignal;
  readonly timeoutMs?: number;
}): Patience {
  const { givenUp, timeoutMs = 60_000 } = options;
  return (act) =>
    new Promise((resolve, reject) => {
      const giveUp = (): void => reject(new Retry(0, 'the server closed before this was known'));
      if (givenUp.aborted) return giveUp();
      const timer = setTimeout(() => reject(new TookTooLong('no answer in time')), timeoutMs);
      givenUp.addEventListener('abort', giveUp, { once: true });
      void Promise.resolve()
        .then(act)
        .then(resolve, reject)
        .finally(() => {
          clearTimeout(timer);
          givenUp.removeEventListener('abort', giveUp);
        });
    });
}
