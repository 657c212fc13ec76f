import { webhookUrl } from '@openclaw/telephony-config';
import { resolveRecipient } from '@openclaw/telephony-config/recipient';
import { isDeliveryStatus, isE164 } from '@openclaw/telephony-core';
import { createQuietHours } from '@openclaw/telephony-server';
import { ActionError } from './action-error.ts';
import { announced } from './announced.ts';
import { accountFor, accountsFor, whyNot } from './chosen-account.ts';
import { mediaOf } from './outbound-media.ts';
import { targetPrefixes } from './phone.ts';
import { plainText } from './plain-text.ts';
import { type RunningAccount, runningAccount, runningAccounts } from './running.ts';
import { sendAndWait } from './send.ts';
import { carrierProblem } from './target-carrier.ts';

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

export { ActionError };

/** Sends a text, with or without a picture. */
export async function send(request: ActionRequest, asker: Asker): Promise<ActionResult> {
  const account = await accountFor(request);
  const to = recipientOf(request, account);
  const text = asker === 'agent' ? plainText(request.message ?? '') : (request.message ?? '');
  const media = request.mediaUrl === undefined ? [] : [await mediaOf(request.mediaUrl)];
  if (text === '' && media.length === 0) throw new ActionError('message is missing');
  const id = request.id ?? `${asker}/${crypto.randomUUID()}`;
  const quietMs = asker === 'agent' ? quietFor(account) : 0;
  const result = await sendAndWait(
    account.server,
    { id, to, text, media, purpose: asker },
    // It stays in the outbox until morning: nobody waits for that.
    quietMs > 0 ? { waitMs: 0 } : {},
  );
  const { messageIds, state, messageCount, segmentCount } = result;
  return {
    ok: true,
    state,
    id,
    ...(quietMs > 0 && state === 'queued'
      ? { note: 'it waits for the end of the quiet hours' }
      : {}),
    ...(messageIds[0] === undefined ? {} : { messageId: messageIds[0] }),
    messageIds,
    messageCount,
    segmentCount,
  };
}

/** How long nobody may be texted without having texted, from now on. */
function quietFor({ config: { outbound } }: RunningAccount): number {
  const { quietHours } = outbound;
  return quietHours === undefined ? 0 : createQuietHours(quietHours)(new Date());
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
    const [first] = progress?.messages ?? [];
    if (first?.state === 'handed-over' && runningAccount(first.account) !== undefined) {
      return messageStatus({ ...request, accountId: first.account, messageId: first.sendId });
    }
    if (progress !== undefined) {
      return { ok: true, id: messageId, messages: progress.messages };
    }
  }
  return { ok: false, messageId, status: 'unknown', error: 'no message of this id is known here' };
}

/** How the accounts are: those that run, and those that should. */
function overview(): ActionResult {
  const running = runningAccounts();
  const known = announced()?.accounts ?? [];
  const ids = new Set([...known, ...running].map(({ accountId }) => accountId));
  return {
    ok: true,
    accounts: [...ids].flatMap((id): object[] => {
      const account = running.find(({ accountId }) => accountId === id);
      if (account !== undefined) return [shown(account)];
      const { provider, fromNumber } = known.find(({ accountId }) => accountId === id) ?? {};
      return [{ accountId: id, running: false, problem: whyNot(id), provider, fromNumber }];
    }),
  };
}

function shown({ accountId, config, account: { serve }, lastFailure }: RunningAccount): object {
  return {
    accountId,
    running: true,
    provider: config.provider,
    fromNumber: config.fromNumber,
    inboundPolicy: config.inboundPolicy,
    webhook: serve.mode === 'own' ? `${serve.bind}:${serve.port}${serve.path}` : serve.path,
    publicUrl: config.publicUrl,
    verifiesSignatures: !config.skipSignatureVerification,
    lastFailure: lastFailure(),
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
  return { ok: placed.state !== 'failed', ...placed };
}

const prefix = new RegExp(`^(?:${targetPrefixes.join('|')}):`, 'iu');

function recipientOf({ to }: ActionRequest, { accountId, config }: RunningAccount) {
  if (to === undefined || to === '') throw new ActionError('to is missing: whom?');
  const problem = carrierProblem(to, { accountId, provider: config.provider });
  if (problem !== undefined) throw new ActionError(problem);
  return resolveRecipient(to.trim().replace(prefix, ''), config.defaultCountry);
}
