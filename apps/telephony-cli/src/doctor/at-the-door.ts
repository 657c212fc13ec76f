import { createProbe, forgeProbe, type Probe, webhookUrl } from '@openclaw/telephony-config';
import { CommandFailure } from '../exit-code.ts';
import { checkAddresses } from '../serve/addresses.ts';
import { ask, type Finding, finding, type Look, type Patient } from './finding.ts';

/** Whether the public address is one, and leads to us. */
export const publicAddress: Look = async ({ accountId: id, config }) => {
  const { ok, wrong, skipped } = finding('public address');
  const url = webhookUrl(config);
  if (url === undefined) return skipped('publicUrl is not set');
  try {
    await checkAddresses([{ id, config }], 'none');
  } catch (error) {
    if (error instanceof CommandFailure) return wrong(error.message);
    throw error;
  }
  const response = await ask(new URL('/health', url));
  if (response === undefined) {
    return wrong(
      `nobody answers at ${url.origin}: does \`telephony serve\` run, and does the proxy or tunnel lead to it?`,
    );
  }
  return response.status === 200
    ? ok(`${url.origin} answers`)
    : wrong(`${url.origin}/health answers ${response.status}: somebody else is there`);
};

/** Whether a webhook that is signed as the carrier signs is let in. */
export const genuineProbe: Look = (patient) =>
  probe(patient, 'a genuine webhook', (one) => one, 200);
/** Whether a webhook with a wrong signature is kept out. */
export const forgedProbe: Look = (patient) => probe(patient, 'a forged webhook', forgeProbe, 401);

async function probe(
  { config }: Patient,
  check: string,
  prepare: (probe: Probe) => Probe,
  wanted: number,
): Promise<Finding> {
  const { ok, wrong, skipped } = finding(check);
  const url = webhookUrl(config);
  if (url === undefined) return skipped('publicUrl is not set');
  const made = createProbe(config, url.href);
  if (made === undefined) return skipped('only the carrier can sign its webhooks');
  const response = await ask(url, { method: 'POST', ...prepare(made) });
  if (response === undefined) return skipped(`nobody answers at ${url.origin}`);
  if (response.status === wanted) return ok(wanted === 200 ? 'is accepted' : 'is refused');
  const why =
    wanted === 200
      ? 'is the auth token the same there, and publicUrl the very address that the carrier calls?'
      : 'signatures are not checked there!';
  return wrong(`is answered ${response.status} instead of ${wanted}: ${why}`);
}
