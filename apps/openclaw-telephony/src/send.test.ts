import { parseE164 } from '@openclaw/telephony-core';
import type { MessageProgress, SendProgress } from '@openclaw/telephony-server';
import { describe, expect, it } from 'vitest';
import { outcomeOf, PartialSendError, sendAndWait, UnknownSendError } from './send.ts';

const to = parseE164('+15550100123');
const progress = (...messages: MessageProgress[]): SendProgress => ({
  id: 'one',
  to,
  createdAt: '2026-11-20T00:00:00.000Z',
  cost: { messageCount: messages.length, segmentCount: messages.length },
  messages,
});
const accepted = (messageId: string): MessageProgress => ({ state: 'accepted', messageId });
const waiting: MessageProgress = { state: 'waiting', attempts: 0 };

function serverWith(states: (SendProgress | undefined)[]) {
  const queued = { id: 'one', messageCount: 1, segmentCount: 1, duplicate: false };
  return {
    send: () => Promise.resolve(queued),
    sendProgress: () => Promise.resolve(states.length > 1 ? states.shift() : states[0]),
  };
}

describe('a send that is waited for', () => {
  it('ends with the carrier’s ids, in order', async () => {
    const server = serverWith([
      undefined,
      progress(waiting),
      progress(accepted('A'), accepted('B')),
    ]);
    expect(await sendAndWait(server, { id: 'one', to, text: 'Hi' })).toMatchObject({
      state: 'accepted',
      messageIds: ['A', 'B'],
    });
  });

  it('is queued when the carrier takes longer: the outbox goes on', async () => {
    const server = serverWith([progress(waiting)]);
    expect(await sendAndWait(server, { id: 'one', to, text: 'Hi' }, { waitMs: 0 })).toMatchObject({
      state: 'queued',
      messageIds: [],
    });
  });

  it('is queued when a reload closes the store under it', async () => {
    const server = {
      ...serverWith([]),
      sendProgress: () => Promise.reject(new Error('the store is closed')),
    };
    expect(await sendAndWait(server, { id: 'one', to, text: 'Hi' })).toMatchObject({
      state: 'queued',
    });
  });

  it('fails with the carrier’s reason', () => {
    const failed: MessageProgress = { state: 'failed', code: 'invalid_recipient', reason: 'no' };
    expect(() => outcomeOf(progress(failed))).toThrow('no');
    expect(() => outcomeOf(progress(accepted('A'), failed))).toThrow(PartialSendError);
  });

  it('is unknown, and never repeated, when the carrier did not say', () => {
    const unknown: MessageProgress = { state: 'unknown', code: 'timeout' };
    expect(() => outcomeOf(progress(unknown))).toThrow(UnknownSendError);
  });
});
