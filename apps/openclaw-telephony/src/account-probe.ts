import { webhookUrl } from '@openclaw/telephony-config';
import { isE164 } from '@openclaw/telephony-core';
import type { TelephonyAccount } from './account.ts';
import type { ActionResult } from './actions.ts';
import { announced } from './announced.ts';
import { whyNot } from './chosen-account.ts';
import { problemOf, runningAccount, type RunningAccount, runningAccounts } from './running.ts';
import { shownUrl } from './shown-url.ts';

/** What one look found. `skipped`: it could not be looked at, and why. */
export interface Finding {
  readonly check: string;
  readonly result: 'ok' | 'wrong' | 'skipped';
  readonly detail: string;
}

/** What a look at an account found. */
export interface AccountProbe {
  readonly ok: boolean;
  /** The first thing to mend. */
  readonly error?: string;
  readonly checks: readonly Finding[];
}

/** Looks whether the account runs here, and whether the carrier would send its texts to us. */
export async function probeAccount(
  account: TelephonyAccount,
  timeoutMs: number,
): Promise<AccountProbe> {
  const running = runningAccount(account.accountId);
  const checks: Finding[] = [serverCheck(account, running)];
  const problem = problemOf(account.accountId);
  if (running !== undefined && problem !== undefined) {
    checks.push({ check: 'trouble', result: 'wrong', detail: problem });
  }
  if (running !== undefined) {
    checks.push(signatureCheck(running));
    checks.push(await numberCheck(running, timeoutMs));
  }
  const wrong = checks.find(({ result }) => result === 'wrong');
  return wrong === undefined
    ? { ok: true, checks }
    : { ok: false, error: `${wrong.check}: ${wrong.detail}`, checks };
}

/** The same for every account that is to run here, whether or not it does. */
export async function probeAnnounced(): Promise<ActionResult> {
  const known = announced()?.accounts ?? runningAccounts().map(({ account }) => account);
  if (known.length === 0) {
    const error = 'no telephony account is configured: openclaw channels add --channel telephony';
    return { ok: false, error, accounts: [] };
  }
  const accounts = await Promise.all(
    known.map(async (account) => {
      const { ok, checks } = await probeAccount(account, probeTimeoutMs);
      return { account: account.accountId, ok, checks };
    }),
  );
  return { ok: accounts.every(({ ok }) => ok), accounts };
}

const probeTimeoutMs = 10_000;

function serverCheck(
  { accountId, enabled, missing, serve }: TelephonyAccount,
  running: RunningAccount | undefined,
): Finding {
  const check = 'webhook server';
  if (running !== undefined) {
    const place = serve.mode === 'gateway' ? 'the gateway' : `${serve.bind}:${serve.port}`;
    return { check, result: 'ok', detail: `runs on ${place}, path ${serve.path}` };
  }
  if (!enabled) return { check, result: 'skipped', detail: 'the account is disabled' };
  if (missing.length === 0 && problemOf(accountId) === undefined && announced() === undefined) {
    // A command looks from outside: what runs is the gateway's to know.
    const detail = 'it runs in the gateway: `openclaw channels status --probe` looks there';
    return { check, result: 'skipped', detail };
  }
  const why = missing.length > 0 ? `missing: ${missing.join(', ')}` : whyNot(accountId);
  return { check, result: 'wrong', detail: `does not run: ${problemOf(accountId) ?? why}` };
}

function signatureCheck({ config }: RunningAccount): Finding {
  const check = 'signatures';
  return config.skipSignatureVerification
    ? { check, result: 'wrong', detail: 'are not checked: skipSignatureVerification is on' }
    : { check, result: 'ok', detail: 'are checked' };
}

async function numberCheck(
  { config, provider }: RunningAccount,
  timeoutMs: number,
): Promise<Finding> {
  const check = 'number at the carrier';
  const number = config.fromNumber;
  if (provider.numberSetup === undefined || number === undefined || !isE164(number)) {
    return { check, result: 'skipped', detail: 'there is no number that can be looked up' };
  }
  try {
    const { messageUrl } = await provider.numberSetup.inspect(number, {
      signal: AbortSignal.timeout(timeoutMs),
    });
    const wanted = webhookUrl(config)?.href;
    if (wanted === undefined) {
      return {
        check,
        result: 'wrong',
        detail: 'publicUrl is missing, so that no text can find us',
      };
    }
    if (messageUrl?.href === wanted) return { check, result: 'ok', detail: 'texts come to us' };
    const now = messageUrl instanceof URL ? shownUrl(messageUrl) : 'nowhere';
    return {
      check,
      result: 'wrong',
      detail: `texts go to ${now}, not to ${wanted}; run: openclaw telephony setup`,
    };
  } catch (error) {
    const detail = error instanceof Error ? error.message : 'the carrier does not answer';
    return { check, result: 'wrong', detail };
  }
}
