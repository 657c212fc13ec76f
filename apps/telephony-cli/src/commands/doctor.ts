import {
  apiOrigin,
  createProbe,
  forgeProbe,
  type Probe,
  webhookUrl,
} from '@openclaw/telephony-config';
import { isE164 } from '@openclaw/telephony-core';
import { CommandFailure } from '../exit-code.ts';
import { say, sayJson, styled, type Terminal } from '../terminal.ts';
import { openWorkplace, type Workplace, type WorkplaceOptions } from '../workplace.ts';

/** What one look found. `skipped`: it could not be looked at, and why. */
interface Finding {
  readonly check: string;
  readonly result: 'ok' | 'wrong' | 'skipped';
  readonly detail: string;
}

const timeoutMs = 10_000;
/** Carriers refuse, and we refuse, what is older than five minutes. */
const maxClockSkewMs = 60_000;

/** Looks at everything that must be right before a text can arrive, and says what to do about what is not. */
export async function doctor(terminal: Terminal, options: WorkplaceOptions): Promise<void> {
  const workplace = await openWorkplace(options);
  const marks = {
    ok: styled(terminal, 'green', '✓'),
    wrong: styled(terminal, 'red', '✗'),
    skipped: styled(terminal, 'yellow', '–'),
  };
  try {
    let healthy = true;
    for (const look of [
      configuration,
      numberAtCarrier,
      clock,
      publicAddress,
      genuineProbe,
      forgedProbe,
    ]) {
      const finding = await look(workplace);
      healthy &&= finding.result !== 'wrong';
      sayJson(terminal, finding);
      say(terminal, `${marks[finding.result]} ${finding.check}: ${finding.detail}`);
    }
    if (!healthy) throw new CommandFailure('something is wrong; see the lines marked ✗');
  } finally {
    await workplace.close();
  }
}

type Look = (workplace: Workplace) => Promise<Finding>;

const configuration: Look = async ({ config, database }) => {
  const check = 'configuration';
  if (config.skipSignatureVerification) {
    return {
      check,
      result: 'wrong',
      detail: 'skipSignatureVerification is on: anybody on this machine can text',
    };
  }
  return {
    check,
    result: 'ok',
    detail: `${config.provider}, policy "${config.inboundPolicy}", data in ${database}`,
  };
};

const numberAtCarrier: Look = async ({ config, provider }) => {
  const check = 'number at the carrier';
  const number = config.fromNumber;
  if (provider.numberSetup === undefined || number === undefined || !isE164(number)) {
    return { check, result: 'skipped', detail: 'there is no number that can be looked up' };
  }
  try {
    const { messageUrl } = await provider.numberSetup.inspect(number);
    const wanted = webhookUrl(config)?.href;
    if (wanted === undefined) {
      return {
        check,
        result: 'wrong',
        detail: 'the credentials work; publicUrl is missing, so that no text can find us',
      };
    }
    if (messageUrl?.href === wanted)
      return { check, result: 'ok', detail: 'the credentials work, and texts come to us' };
    const now = messageUrl?.href ?? 'nowhere';
    return {
      check,
      result: 'wrong',
      detail: `texts go to ${now}, not to ${wanted}; run: telephony setup webhook`,
    };
  } catch (error) {
    return { check, result: 'wrong', detail: sentence(error) };
  }
};

const clock: Look = async ({ config }) => {
  const check = 'clock';
  const origin = apiOrigin(config);
  if (origin === undefined)
    return { check, result: 'skipped', detail: 'there is no carrier to compare it with' };
  const response = await ask(origin);
  const date = Date.parse(response?.headers.get('date') ?? '');
  if (Number.isNaN(date))
    return { check, result: 'skipped', detail: 'the carrier does not tell the time' };
  const skewMs = Date.now() - date;
  const seconds = Math.round(skewMs / 1000);
  return Math.abs(skewMs) <= maxClockSkewMs
    ? { check, result: 'ok', detail: 'as the carrier has it' }
    : {
        check,
        result: 'wrong',
        detail: `${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} the carrier: set it, or webhooks are refused`,
      };
};

const publicAddress: Look = async ({ config }) => {
  const check = 'public address';
  const url = webhookUrl(config);
  if (url === undefined) return { check, result: 'skipped', detail: 'publicUrl is not set' };
  const response = await ask(new URL('/health', url));
  if (response === undefined) {
    return {
      check,
      result: 'wrong',
      detail: `nobody answers at ${url.origin}: does \`telephony serve\` run, and does the proxy or tunnel lead to it?`,
    };
  }
  return response.status === 200
    ? { check, result: 'ok', detail: `${url.origin} answers` }
    : {
        check,
        result: 'wrong',
        detail: `${url.origin}/health answers ${response.status}: somebody else is there`,
      };
};

const genuineProbe: Look = (workplace) => probe(workplace, 'a genuine webhook', (one) => one, 200);
const forgedProbe: Look = (workplace) => probe(workplace, 'a forged webhook', forgeProbe, 401);

async function probe(
  { config }: Workplace,
  check: string,
  prepare: (probe: Probe) => Probe,
  wanted: number,
): Promise<Finding> {
  const url = webhookUrl(config);
  if (url === undefined) return { check, result: 'skipped', detail: 'publicUrl is not set' };
  const made = createProbe(config, url.href);
  if (made === undefined) {
    return { check, result: 'skipped', detail: 'only the carrier can sign its webhooks' };
  }
  const response = await ask(url, { method: 'POST', ...prepare(made) });
  if (response === undefined)
    return { check, result: 'skipped', detail: `nobody answers at ${url.origin}` };
  if (response.status === wanted) {
    return { check, result: 'ok', detail: wanted === 200 ? 'is accepted' : 'is refused' };
  }
  const why =
    wanted === 200
      ? 'is the auth token the same there, and publicUrl the very address that the carrier calls?'
      : 'signatures are not checked there!';
  return {
    check,
    result: 'wrong',
    detail: `is answered ${response.status} instead of ${wanted}: ${why}`,
  };
}

const ask = (url: URL, init: RequestInit = {}): Promise<Response | undefined> =>
  fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(timeoutMs), ...init }).catch(
    () => undefined,
  );

const sentence = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
