import { webhookUrl } from '@openclaw/telephony-config';
import {
  type E164,
  isE164,
  type NumberSetup,
  type WebhookSettings,
} from '@openclaw/telephony-core';
import { ActionError, type ActionResult } from './actions.ts';
import { type RunningAccount, runningAccounts } from './running.ts';

/** What to do with the webhook of the number at the carrier. */
export interface SetupRequest {
  readonly accountId?: string;
  /** `show` (default) changes nothing; `apply` points the number here; `undo` puts back what was there before. */
  readonly action?: string;
}

/**
 * Points the carrier's number at our webhook, or tells what that would change.
 *
 * @throws {ActionError} when there is nothing that could be set
 */
export async function setupWebhook({ accountId, action }: SetupRequest): Promise<ActionResult> {
  const account = runningAccounts().find((one) => one.accountId === (accountId ?? one.accountId));
  if (account === undefined) throw new ActionError('no such telephony account runs here');
  const { number, setup } = target(account);
  const keyValue = account.store.keyValue;
  const key = `openclaw/setup/${account.provider.id}/${number}`;
  const now = await setup.inspect(number);
  const wanted = action === 'undo' ? await kept(account, key) : ours(account);
  const shown = { account: account.accountId, now: printed(now), wanted: printed(wanted) };
  if (action !== 'apply' && action !== 'undo') return { ok: true, changed: false, ...shown };
  if (shown.now === shown.wanted) return { ok: true, changed: false, ...shown };
  if (action === 'apply' && (await keyValue.get(key)) === undefined) {
    // What was there is written down first: a crash in between must not lose the way back.
    await keyValue.set(key, JSON.stringify({ messageUrl: printed(now), restore: now.restore }));
  }
  const before = await setup.apply(number, wanted);
  if (action === 'apply') {
    await keyValue.set(key, JSON.stringify({ messageUrl: printed(now), restore: before.restore }));
  } else await keyValue.delete(key);
  const after = printed(await setup.inspect(number));
  if (after !== shown.wanted) {
    throw new ActionError('the carrier took the change and shows something else: see its console');
  }
  return { ok: true, changed: true, ...shown };
}

function target({ config, provider }: RunningAccount): {
  readonly number: E164;
  readonly setup: NumberSetup;
} {
  const { fromNumber } = config;
  if (provider.numberSetup === undefined) {
    throw new ActionError(`${provider.id} has no numbers to set up`);
  }
  if (fromNumber === undefined || !isE164(fromNumber)) {
    throw new ActionError('fromNumber must be a number as +15550100100 for this');
  }
  return { number: fromNumber, setup: provider.numberSetup };
}

function ours({ config }: RunningAccount): WebhookSettings {
  const messageUrl = webhookUrl(config);
  if (messageUrl !== undefined) return { messageUrl };
  throw new ActionError('publicUrl is missing: where does the carrier reach this gateway?');
}

async function kept({ store }: RunningAccount, key: string): Promise<WebhookSettings> {
  const entry = await store.keyValue.get(key);
  const saved: unknown = entry === undefined ? undefined : JSON.parse(entry.value);
  if (typeof saved !== 'object' || saved === null) {
    throw new ActionError('there is nothing to undo: nothing was set up from here');
  }
  const url = 'messageUrl' in saved ? saved.messageUrl : null;
  const restore = 'restore' in saved ? saved.restore : undefined;
  return {
    messageUrl: typeof url === 'string' ? new URL(url) : null,
    ...(typeof restore === 'object' && restore !== null ? { restore: { ...restore } } : {}),
  };
}

const printed = ({ messageUrl }: WebhookSettings): string | null => messageUrl?.href ?? null;
