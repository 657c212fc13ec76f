import { createHmac } from 'node:crypto';
import {
  isVerifiedWebhook,
  markVerified,
  TelephonyError,
  type WebhookRequest,
} from '@openclaw/telephony-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signMockWebhook } from './signature.ts';
import { createMockWebhook, type MockText } from './webhook-body.ts';
import { createMockWebhooks } from './webhooks.ts';

const secret = 'only-for-tests';
const webhooks = createMockWebhooks([secret]);
const text: MockText = {
  type: 'message.received',
  id: 'in-1',
  from: '+15550100123',
  to: '+15550100100',
  text: 'hello',
};
const receive = (request: WebhookRequest) => webhooks.parse(webhooks.verify(request));
const signed = (body: string): WebhookRequest => ({
  ...createMockWebhook(text, { secret }),
  headers: new Headers(signMockWebhook(body, secret)),
  body: new TextEncoder().encode(body),
});
const keyOf = (body: string): string | undefined => receive(signed(body))[0]?.dedupeKey;
const reasonOf = (request: WebhookRequest, receiver = webhooks): string | undefined => {
  try {
    receiver.verify(request);
    return undefined;
  } catch (error) {
    return TelephonyError.isInstance(error) ? error.reason : 'another error';
  }
};

describe('the signature of a mock webhook', () => {
  it('is the hexadecimal HMAC-SHA-256 of the body', () => {
    const digest = createHmac('sha256', secret).update('{}').digest('hex');
    expect(signMockWebhook('{}', secret)).toEqual({ 'x-mock-signature': digest });
  });

  it('is believed for what it was made from, and for nothing else', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (json, position) => {
        const request = signed(`{"any":${json}}`);
        expect(isVerifiedWebhook(webhooks.verify(request))).toBe(true);
        const body = Uint8Array.from(request.body);
        const bit = position % (body.length * 8);
        body[bit >> 3] = (body[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(reasonOf({ ...request, body })).toBe('signature_mismatch');
      }),
    );
  });

  it('may come from any of the configured secrets', () => {
    const rotating = createMockWebhooks(['next', secret]);
    expect(reasonOf(createMockWebhook(text, { secret }), rotating)).toBeUndefined();
    expect(reasonOf(createMockWebhook(text, { secret: 'next' }), rotating)).toBeUndefined();
    expect(reasonOf(createMockWebhook(text, { secret: 'old' }), rotating)).toBe(
      'signature_mismatch',
    );
  });

  it.each([
    ['no header', new Headers(), 'missing_header'],
    ['another length', new Headers({ 'x-mock-signature': 'abc' }), 'malformed_header'],
    ['upper case', new Headers({ 'x-mock-signature': 'A'.repeat(64) }), 'malformed_header'],
    ['not ASCII', new Headers({ 'x-mock-signature': 'é'.repeat(64) }), 'malformed_header'],
    ['other digits', new Headers({ 'x-mock-signature': '0'.repeat(64) }), 'signature_mismatch'],
  ])('with %s is refused', (_, headers, reason) => {
    expect(reasonOf({ ...createMockWebhook(text, { secret }), headers })).toBe(reason);
  });

  it('cannot be made or believed without a secret', () => {
    expect(() => signMockWebhook('{}', '')).toThrow(/webhookSecret is empty/u);
    const request = createMockWebhook(text, { secret });
    expect(reasonOf(request, createMockWebhooks([]))).toBe('unusable_secret');
    expect(reasonOf(request, createMockWebhooks([secret, ' ']))).toBe('unusable_secret');
  });

  it('over something that is no JSON object is refused by what is wrong', () => {
    expect(reasonOf(signed('[1]'))).toBe('malformed_body');
    expect(reasonOf(signed('{'))).toBe('malformed_body');
  });
});

describe('parsing a mock webhook', () => {
  it('turns a text into a message', () => {
    const [event] = receive(createMockWebhook(text, { secret }));
    expect(event).toEqual({
      type: 'message.received',
      dedupeKey: 'mock:message:in-1',
      raw: text,
      message: { id: 'in-1', from: '+15550100123', to: '+15550100100', text: 'hello', media: [] },
    });
  });

  it('keeps a picture without a text, the segment count, the opt-out hint and the time', () => {
    const url = new URL('https://media.mock.invalid/1');
    const { text: _, ...bare } = text;
    const [event] = receive(
      createMockWebhook(
        {
          ...bare,
          media: [{ url, contentType: 'image/png', bytes: 3 }, { url }],
          segmentCount: 2,
          optOut: 'stop',
          occurredAt: '2026-11-20T10:00:00Z',
        },
        { secret },
      ),
    );
    expect(event).toMatchObject({
      occurredAt: new Date('2026-11-20T10:00:00Z'),
      message: {
        text: '',
        media: [{ url, contentType: 'image/png', bytes: 3 }, { url }],
        segmentCount: 2,
        optOut: 'stop',
      },
    });
  });

  it('turns a receipt into a status, and a new word into "unrecognized"', () => {
    const receipt = { type: 'message.status', id: 'mock-1', errorCode: '30003' } as const;
    expect(receive(createMockWebhook({ ...receipt, status: 'failed' }, { secret }))).toMatchObject([
      {
        type: 'message.status',
        dedupeKey: 'mock:status:mock-1:failed',
        messageId: 'mock-1',
        status: 'failed',
        carrierErrorCode: '30003',
      },
    ]);
    expect(
      receive(createMockWebhook({ ...receipt, status: 'teleported' }, { secret })),
    ).toMatchObject([{ status: 'unrecognized', dedupeKey: 'mock:status:mock-1:teleported' }]);
  });

  it('gives the same key for the same event, and another for another', () => {
    expect(keyOf('{"type":"other"}')).toBe(keyOf('{"type":"other"}'));
    expect(keyOf('{"type":"other"}')).not.toBe(keyOf('{"type":"another"}'));
  });

  it('never throws, whatever the body says', () => {
    fc.assert(
      fc.property(
        fc.record(
          {
            type: fc.constantFrom('message.received', 'message.status', 'x'),
            id: fc.anything(),
            from: fc.oneof(fc.constant('+15550100123'), fc.anything()),
            to: fc.oneof(fc.constant('+15550100100'), fc.anything()),
            text: fc.anything(),
            media: fc.anything(),
            status: fc.anything(),
            occurredAt: fc.anything(),
          },
          { requiredKeys: [] },
        ),
        (body) => {
          const json = JSON.stringify(body, (_, value: unknown) =>
            typeof value === 'bigint' ? String(value) : value,
          );
          expect(receive(signed(json))).toHaveLength(1);
        },
      ),
    );
  });

  it('reads a webhook that another receiver verified, and makes nothing of a body it cannot read', () => {
    const request = createMockWebhook(text, { secret });
    const elsewhere = markVerified(request, { bodyAuthenticated: true });
    expect(webhooks.parse(elsewhere)[0]?.type).toBe('message.received');
    const broken = { ...request, body: Uint8Array.of(0xff) };
    const [event] = webhooks.parse(markVerified(broken, { bodyAuthenticated: true }));
    expect(event?.type).toBe('unknown');
  });
});
