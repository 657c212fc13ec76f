import type { InboundMessage, OptOutKeyword, TelephonyEvent } from '@openclaw/telephony-core';
import { describe, expect, it } from 'vitest';
import { ada, ours } from '../running-server.testing.ts';
import { parseSignalItem, parseTextItem, saidOf, toInboxItem } from './inbox-item.ts';

const occurredAt = new Date('2026-11-20T12:00:00Z');
const itemOf = (text: string, optOut?: OptOutKeyword) => {
  const hint = optOut === undefined ? {} : { optOut };
  const message: InboundMessage = { id: 'm', from: ada, to: ours, text, media: [], ...hint };
  const event: TelephonyEvent = {
    type: 'message.received',
    dedupeKey: 'k',
    raw: {},
    occurredAt,
    message,
  };
  return toInboxItem(event, { bodyAuthenticated: true });
};
const stored = (item: object | undefined): unknown => JSON.parse(JSON.stringify(item));

describe('an item of the inbox', () => {
  it('keeps when a word of consent was said, through the store', () => {
    for (const word of ['STOP', 'START']) {
      const item = parseSignalItem(stored(itemOf(word)));
      expect(item).toEqual(itemOf(word));
      expect('message' in item && saidOf(item)).toEqual({ atMs: occurredAt.getTime() });
    }
    const yes = parseTextItem(stored(itemOf('Yes')));
    expect(saidOf(yes)).toEqual({ atMs: occurredAt.getTime() });
  });
  it('keeps no time of an ordinary text', () => {
    expect(itemOf('hello')).not.toHaveProperty('saidAtMs');
  });
  it('is read although an earlier version wrote it, without a time', () => {
    const { saidAtMs: _, ...older } = Object.assign({ saidAtMs: 0 }, itemOf('START'));
    const item = parseSignalItem(stored(older));
    expect('message' in item && saidOf(item)).toEqual({});
  });
});
