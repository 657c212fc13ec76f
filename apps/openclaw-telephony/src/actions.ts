import { webhookUrl } from '@openclaw/telephony-config';
import { resolveRecipient } from '@openclaw/telephony-config/recipient';
import { isDeliveryStatus, isE164, TelephonyError } from '@openclaw/telephony-core';
import { mediaOf, MediaError } from './outbound-media.ts';
import { targetPrefixes } from './phone.ts';
import { plainText } from './plain-text.ts';
import { awaitAccount, problemOf, type RunningAccount, runningAccounts } from './running.ts';
import { PartialSendError, sendAndWait, UnknownSendError } from './send.ts';

/** Who asks. An agent may text only those who were let in; a person whom `outbound.allowTo` allows. */
export type Asker = 'agent' | 'operator';

/** What somebody may ask for, in one action. */
export interface ActionRequest {
  readonly to?: string;
  readonly message?: string;
  readonly mediaUrl?: string;
  readonly messageId?: string;
  readonly webhookUrl?: string;
  readonly accountId?: string;
  /** Asking again with the same id sends nothing. */
  readonly id?: string;
}

/** A request that cannot be carried out as it stands, with what to change. */
export class ActionError extends Error {
  override readonly name = 'ActionError';
}

/** Sends a text, with or without a picture. */
export async function send(request: ActionRequest, asker: Asker): Promise<ActionResult> {
  const account = await accountFor(request);
  const to = recipientOf(request, account);
  const text = asker === 'agent' ? plainText(request.message ?? '') : (request.message ?? '');
  const media = request.mediaUrl === undefined ? [] : [await mediaOf(request.mediaUrl)];
  if (text === '' && media.length === 0) throw new ActionError('message is missing');
  const id = request.id ?? `${asker}/${crypto.randomUUID()}`;
  const result = await sendAndWait(account.server, { id, to, text, media, purpose: asker });
  const { messageIds, state, messageCount, segmentCount } = result;
  return {
    ok: true,
    state,
    id,
    ...(messageIds[0] === undefined ? {} : { messageId: messageIds[0] }),
    messageIds,
    messageCount,
    segmentCount,
  };
}

/** Plain data, which tools and RPC give back. */
export type ActionResult = { readonly ok: boolean; readonly [key: string]: unknown };

/** How everything is, or what became of one message. */
export function statusOf(request: ActionRequest): ActionResult | Promise<ActionResult> {
  return request.messageId === undefined ? overview() : messageStatus(request);
}

/** What became of a message, by the carrier's id or by ours. */
export async function messageStatus(request: ActionRequest): Promise<ActionResult> {
  const { messageId } = request;
  if (messageId === undefined || messageId === '') throw new ActionError('messageId is missing');
  for (const account of await accountsFor(request)) {
    const progress = await account.server.sendProgress(messageId);
    const ids = progress?.messages.flatMap((one) =>
      one.state === 'accepted' ? [one.messageId] : [],
    );
    for (const id of ids ?? [messageId]) {
      const delivery = await account.server.getStatus(id).catch(() => undefined);
      if (delivery === undefined || !isDeliveryStatus(delivery.status)) continue;
      const { status, carrierErrorCode, updatedAt, contradicted } = delivery;
      return {
        ok: true,
        messageId: id,
        status,
        ...(carrierErrorCode === undefined ? {} : { errorCode: carrierErrorCode }),
        ...(contradicted ? { contradicted } : {}),
        updatedAt: updatedAt.toISOString(),
      };
    }
    if (progress !== undefined) {
      return { ok: true, id: messageId, messages: progress.messages };
    }
  }
  return { ok: false, messageId, status: 'unknown', error: 'no message of this id is known here' };
}

/** How the accounts are that run here. */
function overview(): ActionResult {
  return {
    ok: true,
    accounts: runningAccounts().map(({ accountId, config, account: { serve } }) => ({
      accountId,
      provider: config.provider,
      fromNumber: config.fromNumber,
      inboundPolicy: config.inboundPolicy,
      webhook: serve.mode === 'own' ? `${serve.bind}:${serve.port}${serve.path}` : serve.path,
      publicUrl: config.publicUrl,
      verifiesSignatures: !config.skipSignatureVerification,
    })),
  };
}

/** Calls somebody, and reads the message to whoever picks up. */
export async function call(request: ActionRequest, asker: Asker): Promise<ActionResult> {
  const account = await accountFor(request);
  const to = recipientOf(request, account);
  if (!isE164(to)) throw new ActionError('a call needs a number as +15550100123');
  if (request.webhookUrl !== undefined && request.webhookUrl !== webhookUrl(account.config)?.href) {
    // A paid call that an agent could lead anywhere would be a gift to whoever writes its prompts.
    throw new ActionError('webhookUrl must be left out: calls are answered by this gateway');
  }
  const { message, id } = request;
  const placed = await account.server.call({
    to,
    purpose: asker,
    ...(message === undefined ? {} : { message }),
    ...(id === undefined ? {} : { id }),
  });
  return { ok: true, ...placed };
}

/** What went wrong, for whoever asked: never a secret, a number or a text. */
export function sentenceOf(error: unknown): string {
  const ours =
    TelephonyError.isInstance(error) ||
    error instanceof ActionError ||
    error instanceof MediaError ||
    error instanceof PartialSendError ||
    error instanceof UnknownSendError;
  return ours ? error.message : 'it failed; the gateway log says why';
}

const accountWaitMs = 5000;

async function accountFor(request: ActionRequest): Promise<RunningAccount> {
  const [account] = await accountsFor(request);
  if (account === undefined) throw new ActionError('no telephony account runs in this gateway');
  return account;
}

async function accountsFor({ accountId }: ActionRequest): Promise<readonly RunningAccount[]> {
  if (accountId === undefined) {
    const [only] = runningAccounts();
    if (only === undefined) await awaitAccount('default', accountWaitMs);
    return runningAccounts();
  }
  const account = await awaitAccount(accountId, accountWaitMs);
  if (account !== undefined) return [account];
  throw new ActionError(`account "${accountId}" does not run${suffix(problemOf(accountId))}`);
}

const suffix = (problem: string | undefined): string =>
  problem === undefined ? '' : `: ${problem}`;

const prefix = new RegExp(`^(?:${targetPrefixes.join('|')}):`, 'iu');

function recipientOf({ to }: ActionRequest, { config }: RunningAccount) {
  if (to === undefined || to === '') throw new ActionError('to is missing: whom?');
  return resolveRecipient(to.trim().replace(prefix, ''), config.defaultCountry);
}
