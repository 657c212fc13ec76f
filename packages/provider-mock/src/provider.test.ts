import {
  type OutboundMessage,
  parseE164,
  parseRecipient,
  TelephonyError,
} from '@openclaw/telephony-core';
import { describe, expect, it } from 'vitest';
import { mockError } from './errors.ts';
import { createMockProvider, type MockProviderOptions } from './provider.ts';

const webhookSecret = 'only-for-tests';
const create = (options: Partial<MockProviderOptions> = {}) =>
  createMockProvider({ webhookSecret, ...options });
const hello: OutboundMessage = {
  to: parseE164('+15550100123'),
  from: { kind: 'number', address: parseE164('+15550100100') },
  text: 'hello',
};
const picture = new URL('https://example.com/a.png');
const failureOf = async (work: Promise<unknown> | undefined): Promise<TelephonyError> => {
  const error: unknown = await work?.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof TelephonyError) return error;
  throw new Error('expected a TelephonyError');
};

describe('sending through the mock', () => {
  it('records what was sent, and answers with an id of its own', async () => {
    const provider = create({ idPrefix: 'demo' });
    const receipt = await provider.messaging.send(hello);
    expect(receipt).toEqual({
      messageId: 'demo-1',
      status: 'accepted',
      warnings: [],
      raw: { id: 'demo-1' },
    });
    await provider.messaging.send({ ...hello, media: [picture] });
    expect(provider.sent.map(({ id }) => id)).toEqual(['demo-1', 'demo-2']);
    expect(provider.sent[0]?.message).toBe(hello);
  });

  it('counts segments when it is told how', async () => {
    const provider = create({ countSegments: (text) => text.length });
    await expect(provider.messaging.send(hello)).resolves.toMatchObject({ segmentCount: 5 });
  });

  it('forgets the oldest message when its memory is full', async () => {
    const provider = create({ maxSentCount: 2 });
    for (let i = 0; i < 3; i += 1) await provider.messaging.send(hello);
    expect(provider.sent.map(({ id }) => id)).toEqual(['mock-2', 'mock-3']);
  });

  it('fails as told, as often as told, and then no more', async () => {
    const provider = create();
    provider.failNext(mockError('rate_limited', { retryAfterMs: 500 }), { count: 2 });
    for (let i = 0; i < 2; i += 1) {
      const error = await failureOf(provider.messaging.send(hello));
      expect(error).toMatchObject({
        code: 'rate_limited',
        provider: 'mock',
        outcome: 'not-performed',
        retryAfterMs: 500,
      });
    }
    expect(provider.sent).toEqual([]);
    await provider.messaging.send(hello);
    expect(provider.sent).toHaveLength(1);
  });

  it('may fail until it is told to stop', async () => {
    const provider = create();
    provider.failNext(mockError('account_blocked'), { count: Infinity });
    provider.failNext(mockError('timeout'), { count: 0 });
    for (let i = 0; i < 3; i += 1) {
      expect((await failureOf(provider.messaging.send(hello))).code).toBe('account_blocked');
    }
    provider.stopFailing();
    await provider.messaging.send(hello);
    expect(provider.sent).toHaveLength(1);
  });

  it('can send a message and fail all the same', async () => {
    const provider = create();
    provider.failNext(mockError('timeout'), { sentAnyway: true });
    expect((await failureOf(provider.messaging.send(hello))).outcome).toBe('unknown');
    expect(provider.sent).toHaveLength(1);
  });

  it('does nothing for a caller who has already given up', async () => {
    const provider = create();
    const options = { signal: AbortSignal.abort() };
    const works = [
      provider.messaging.send(hello, options),
      provider.messaging.getMessage?.('mock-1', options),
      provider.messaging.fetchMedia?.({ url: picture }, options),
    ];
    for (const work of works) {
      expect(await failureOf(work)).toMatchObject({ code: 'aborted', outcome: 'not-performed' });
    }
    expect(provider.sent).toEqual([]);
  });

  it('refuses what no carrier would take, before it counts as sent', async () => {
    const provider = create();
    const { text: _, ...bare } = hello;
    const two = '+15550100123<+15550100124';
    const refusals: [OutboundMessage, string][] = [
      [{ ...hello, text: '' }, 'invalid_request'],
      [{ ...hello, text: 'a'.repeat(1601) }, 'invalid_request'],
      [
        { ...bare, media: [picture, ...Array.from({ length: 10 }, () => picture)] },
        'invalid_request',
      ],
      // A caller without types can get past the brand.
      [{ ...hello, ...JSON.parse(JSON.stringify({ to: two })) }, 'invalid_recipient'],
    ];
    for (const [message, code] of refusals) {
      expect(await failureOf(provider.messaging.send(message))).toMatchObject({
        code,
        outcome: 'not-performed',
      });
    }
    expect(provider.sent).toEqual([]);
  });

  it('warns of options that it does not have', async () => {
    const receipt = await create().messaging.send({
      ...hello,
      to: parseRecipient('55555'),
      providerOptions: { mock: { speed: 'fast' }, other: { ignored: true } },
    });
    expect(receipt.warnings).toEqual([
      { type: 'unsupported', feature: 'providerOptions.mock.speed' },
    ]);
  });
});

describe('a mock without capabilities', () => {
  const provider = create({ capabilities: 'none' });

  it('has no method that it cannot fulfil', () => {
    expect(Object.keys(provider.messaging)).toEqual(['capabilities', 'send']);
    expect(provider).not.toHaveProperty('voice');
  });

  it('sends the text without what it cannot do, and says so', async () => {
    const receipt = await provider.messaging.send({
      ...hello,
      media: [picture],
      statusCallback: picture,
    });
    expect(receipt.warnings.map(({ feature }) => feature)).toEqual(['media', 'statusCallback']);
  });

  it('refuses a message of media alone, and a sender pool', async () => {
    const { text: _, ...bare } = hello;
    const works = [
      provider.messaging.send({ ...bare, media: [picture] }),
      provider.messaging.send({ ...hello, from: { kind: 'pool', id: 'pool-1' } }),
    ];
    for (const work of works) {
      expect(await failureOf(work)).toMatchObject({
        code: 'unsupported',
        outcome: 'not-performed',
      });
    }
  });

  it('may also be made one capability at a time', async () => {
    const almost = create({ capabilities: { senderPools: false } });
    expect(almost.messaging.capabilities).toMatchObject({
      senderPools: false,
      deliveryReceipts: 'per-message-url',
    });
  });
});

describe('what the mock carrier remembers', () => {
  it('tells what became of a message, and never goes back from the end', async () => {
    const provider = create();
    const { messageId } = await provider.messaging.send(hello);
    provider.setStatus(messageId, 'undelivered', '30003');
    provider.setStatus(messageId, 'sent');
    await expect(provider.messaging.getMessage?.(messageId)).resolves.toEqual({
      status: 'undelivered',
      carrierErrorCode: '30003',
      raw: { id: messageId, status: 'undelivered' },
    });
    expect(() => provider.setStatus('mock-99', 'sent')).toThrow(/nothing of that id/u);
    expect((await failureOf(provider.messaging.getMessage?.('mock-99'))).code).toBe('not_found');
  });

  it('serves the files that it hosts, and no others', async () => {
    const provider = create({ maxSentCount: 1 });
    const file = { contentType: 'image/png', bytes: Uint8Array.of(1, 2, 3) };
    const media = provider.hostMedia(file);
    expect(media).toMatchObject({ contentType: 'image/png', bytes: 3 });
    const response = await provider.messaging.fetchMedia?.(media);
    expect(response?.headers.get('content-type')).toBe('image/png');
    expect(new Uint8Array((await response?.arrayBuffer()) ?? [])).toEqual(file.bytes);
    const elsewhere = provider.messaging.fetchMedia?.({ url: picture });
    expect((await failureOf(elsewhere)).code).toBe('not_found');
    expect(() => provider.hostMedia(file)).toThrow(/at most 1 files/u);
  });
});

describe('creating a mock', () => {
  it.each([{ secret: '' }, { secret: [] }, { secret: ['a', ''] }])(
    'is refused with $secret for a secret',
    ({ secret }) => {
      expect(() => create({ webhookSecret: secret })).toThrow(/webhookSecret is empty/u);
    },
  );

  it('keeps its secret out of sight', () => {
    expect(JSON.stringify(create())).not.toContain(webhookSecret);
  });
});
