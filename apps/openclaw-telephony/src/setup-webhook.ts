import { webhookUrl } from '@openclaw/telephony-config';
import {
  type E164,
  isE164,
  type NumberSetup,
  type WebhookSettings,
} from '@openclaw/telephony-core';
import { ActionError, type ActionResult } from './actions.ts';
import { accountFor } from './chosen-account.ts';
import type { RunningAccount } from './running.ts';
import { shownUrl } from './shown-url.ts';
import { createWayBack, hrefOf, type WayBack } from './way-back.ts';

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
export async function setupWebhook(
  { accountId, action }: SetupRequest,
  waitMs?: number,
): Promise<ActionResult> {
  const account = await accountFor(accountId === undefined ? {} : { accountId }, waitMs);
  const { number, setup } = target(account);
  const wayBack = createWayBack(account.store.keyValue, `${account.provider.id}/${number}`);
  const now = await setup.inspect(number);
  const wanted = action === 'undo' ? await beforeUs(wayBack, now) : ours(account);
  const shown = { account: account.accountId, now: printed(now), wanted: printed(wanted) };
  if (action !== 'apply' && action !== 'undo') return { ok: true, changed: false, ...shown };
  if (hrefOf(now) === hrefOf(wanted)) return { ok: true, changed: false, ...shown };
  // What was there is written down first: a crash in between must not lose the way back.
  if (action === 'apply') await wayBack.begin(now, wanted);
  const before = await setup.apply(number, wanted);
  if (action === 'apply') await wayBack.end(now, before);
  else await wayBack.forget();
  if (hrefOf(await setup.inspect(number)) !== hrefOf(wanted)) {
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

/** What was there before the first change from here. Refuses when somebody else changed it since. */
async function beforeUs(wayBack: WayBack, now: WebhookSettings): Promise<WebhookSettings> {
  const saved = await wayBack.saved();
  if (saved === undefined) {
    throw new ActionError('there is nothing to undo: nothing was set up from here');
  }
  if (!saved.isOurs(now) && hrefOf(now) !== hrefOf(saved.before)) {
    throw new ActionError(
      `texts go to ${printed(now) ?? 'nowhere'}, which was not set up from here: nothing is undone`,
    );
  }
  return saved.before;
}

const printed = ({ messageUrl }: WebhookSettings): string | null =>
  messageUrl instanceof URL ? shownUrl(messageUrl) : null;
