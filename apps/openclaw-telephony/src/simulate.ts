import { createHmac, randomUUID } from 'node:crypto';
import { approvedText } from '@openclaw/pairing-store';
import { openAccountView } from '@openclaw/telephony-server';
import { ActionError, type ActionRequest, type ActionResult } from './actions.ts';
import { type RunningAccount, runningAccounts } from './running.ts';

const stranger = '+15550100123';
const waitMs = 60_000;
const pollMs = 100;

/**
 * Plays somebody who texts an account of the mock carrier, over HTTP and signed as that carrier signs, and waits for the
 * first text that goes back.
 *
 * @throws {ActionError} when no account is simulated, or the webhook is refused
 */
export async function simulateText({ to, message }: ActionRequest): Promise<ActionResult> {
  const account = runningAccounts().find(({ config }) => config.provider === 'mock');
  if (account === undefined) {
    throw new ActionError('this plays the mock carrier alone: set provider to "mock"');
  }
  const from = to ?? stranger;
  const view = openAccountView({ store: account.store, accountId: account.accountId });
  const sentTo = async (): Promise<readonly { readonly id: string; readonly text: string }[]> => {
    const texts = await view.messages.list({ direction: 'outbound', with: from, limit: 5 });
    // That somebody was let in is told when it happens: it answers nothing.
    return texts.filter(({ text }) => text !== approvedText());
  };
  const before = new Set((await sentTo()).map(({ id }) => id));
  await post(account, from, message ?? 'Hello');
  const end = performance.now() + waitMs;
  while (performance.now() < end) {
    const answer = (await sentTo()).find(({ id }) => !before.has(id));
    if (answer !== undefined) return { ok: true, from, answer: answer.text };
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  return { ok: true, from, answer: null, note: 'nothing was sent back within a minute' };
}

async function post(account: RunningAccount, from: string, text: string): Promise<void> {
  const { config, listening } = account;
  if (listening === undefined) throw new ActionError('the account has no listener of its own');
  const body = JSON.stringify({
    type: 'message.received',
    id: randomUUID(),
    from,
    to: config.fromNumber,
    text,
  });
  const signature = createHmac('sha256', config.mock.webhookSecret ?? '')
    .update(body)
    .digest('hex');
  const response = await fetch(listening, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-mock-signature': signature },
    body,
  });
  if (!response.ok) throw new ActionError(`the webhook was answered with ${response.status}`);
}
