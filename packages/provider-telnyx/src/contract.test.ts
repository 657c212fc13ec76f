import {
  contractValues,
  type ProviderContract,
  runProviderContract,
  type Signer,
  recordRequests,
} from '@openclaw/provider-testkit';
import { signTelnyxWebhook } from '@openclaw/webhook-verify/telnyx';
import { describe, it } from 'vitest';
import {
  apiKey,
  envelope,
  keyPair,
  messageId,
  nextKeyPair,
  otherPrivateKey,
  profileId,
} from './fake-telnyx.testing.ts';
import { telnyxErrors } from './errors.ts';
import { createTelnyxProvider } from './provider.ts';

// Shapes and words: Telnyx's own description of its API (OpenAPI, July 2026) and its pages on webhooks and errors.
const { person, ownNumber, text, emojiText, stopText, shortCode, senderName } = contractValues;
const privateKeys: Readonly<Record<Signer, string>> = {
  first: keyPair.privateKey,
  second: nextKeyPair.privateKey,
  stranger: otherPrivateKey,
};
const eventId = '4ee8c3a6-4995-4309-a3c6-38e3db9ea4be';

const refusal = (status: number, code: string, title: string, pointer = '/to') => ({
  providerCode: code,
  reply: {
    status,
    body: JSON.stringify({
      errors: [
        {
          code,
          title,
          detail: `${title}: from '${ownNumber}' to '${person}', '${text}'`,
          source: { pointer },
          meta: { url: `https://developers.telnyx.com/docs/overview/errors/${code}` },
        },
      ],
    }),
  },
});

const outbound = (status: string, errors: readonly object[] = []) => ({
  record_type: 'message',
  direction: 'outbound',
  id: messageId,
  type: 'SMS',
  organization_id: 'b448f9cc-a842-4784-98e9-03c1a5872950',
  messaging_profile_id: profileId,
  from: { phone_number: ownNumber, carrier: 'TELNYX LLC', line_type: 'VoIP' },
  to: [{ phone_number: person, status, carrier: 'T-MOBILE USA, INC.', line_type: 'Wireless' }],
  cc: [],
  text,
  media: [],
  webhook_url: contractValues.statusCallbackUrl.href,
  webhook_failover_url: null,
  encoding: 'GSM-7',
  parts: 1,
  tags: [],
  cost: { amount: '0.0051', currency: 'USD' },
  wait_seconds: 0,
  received_at: '2026-11-20T11:59:58.574Z',
  sent_at: null,
  completed_at: null,
  valid_until: '2026-11-20T12:59:58.574Z',
  errors,
});

const webhook = (eventType: string, payload: object) => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(envelope(eventType, payload, { id: eventId })),
});
const inbound = {
  record_type: 'message',
  direction: 'inbound',
  id: messageId,
  type: 'SMS',
  organization_id: 'b448f9cc-a842-4784-98e9-03c1a5872950',
  messaging_profile_id: profileId,
  from: { phone_number: person, carrier: 'T-Mobile USA', line_type: 'Wireless' },
  to: [
    {
      phone_number: ownNumber,
      status: 'webhook_delivered',
      carrier: 'Telnyx',
      line_type: 'Wireless',
    },
  ],
  cc: [],
  text: '',
  media: [],
  encoding: 'GSM-7',
  parts: 1,
  autoresponse_type: null,
  is_spam: false,
  errors: [],
};
const message = (fields: object) => ({
  messageId,
  request: webhook('message.received', { ...inbound, ...fields }),
});
const pictures = Array.from(
  { length: 10 },
  (_, index) => `https://media.example.com/telnyx/${index}.png`,
);
const picturesAs = (urls: readonly string[]) => ({
  type: 'MMS',
  encoding: null,
  parts: null,
  media: urls.map((url) => ({ url, content_type: 'image/png', size: 4711, hash_sha256: 'x' })),
});

const contract: ProviderContract = {
  createProvider: ({ transport, fetch, now }) =>
    createTelnyxProvider({
      apiKey,
      publicKey: [keyPair.publicKey, nextKeyPair.publicKey],
      transport,
      fetch,
      now,
    }),
  secrets: [apiKey],
  carrier: {
    kind: 'http',
    origins: ['https://api.telnyx.com'],
    send: {
      accepted: {
        reply: { status: 200, body: JSON.stringify({ data: outbound('queued') }) },
        messageId,
        status: 'queued',
        segmentCount: 1,
      },
      poolId: profileId,
      failures: {
        badCredentials: refusal(401, '10009', 'Authentication failed'),
        invalidRecipient: refusal(400, '40310', "Invalid 'to' address"),
        optedOut: refusal(409, '40300', 'Blocked due to STOP message'),
        senderNotAllowed: refusal(400, '40305', "Invalid 'from' address", '/from'),
        contentRejected: refusal(400, '40322', 'Blocked due to content', '/text'),
        noFunds: refusal(402, '20100', 'Insufficient Funds'),
        rateLimited: {
          ...refusal(429, '10011', 'Too many requests'),
          reply: {
            ...refusal(429, '10011', 'Too many requests').reply,
            headers: {
              'x-ratelimit-limit': '50',
              'x-ratelimit-remaining': '0',
              'x-ratelimit-reset': '7',
            },
          },
          retryAfterMs: 7000,
        },
        serverError: refusal(500, '10007', 'Unexpected error'),
      },
      errorBodies: [
        ...telnyxErrors.map(({ providerCode }) => refusal(400, providerCode, person).reply.body),
        ...['/to', '/from', '/text', person].map(
          (pointer) => refusal(400, '10002', person, pointer).reply.body,
        ),
        JSON.stringify({ errors: [{ code: person }] }),
      ],
    },
    getMessage: {
      messageId,
      reply: {
        status: 200,
        body: JSON.stringify({
          data: outbound('delivery_failed', [
            { code: '40012', title: 'Invalid messaging destination number', detail: person },
          ]),
        }),
      },
      status: 'undelivered',
      carrierErrorCode: '40012',
      notFound: refusal(404, '10005', 'Resource not found').reply,
    },
    media: {
      url: 'https://media.example.com/telnyx/0.png',
      credentials: 'never',
      redirects: [
        'https://s3.amazonaws.com/a?X-Amz-Signature=1',
        // No file needs the API key, not even one of Telnyx’s own host.
        'https://api.telnyx.com/a',
      ],
    },
  },
  webhooks: {
    scheme: { signsUrl: false, signsBody: 'bytes', timestampToleranceMs: 300_000 },
    sign: ({ body }, signer, signedAt) =>
      signTelnyxWebhook(
        { body },
        {
          privateKey: privateKeys[signer],
          timestampSeconds: Math.floor(signedAt.getTime() / 1000),
        },
      ),
    genuine: webhook('message.received', { ...inbound, text }),
    get: { never: 'Telnyx posts every webhook' },
    json: webhook('message.received', { ...inbound, text }),
  },
  inbound: {
    text: message({ text }),
    emoji: message({ text: emojiText, encoding: 'UCS-2' }),
    pictureOnly: { ...message(picturesAs(pictures.slice(0, 1))), media: pictures.slice(0, 1) },
    severalPictures: { ...message({ ...picturesAs(pictures), text }), media: pictures },
    fromShortCode: message({ text, from: { phone_number: shortCode } }),
    fromSenderName: message({ text, from: { phone_number: senderName } }),
    stop: message({ text: stopText }),
    stopAnswered: message({ text: stopText, autoresponse_type: 'STOP' }),
    channel: {
      ...message({ type: 'whatsapp', from: person, to: ownNumber, text }),
      from: `whatsapp:${person}`,
      to: `whatsapp:${ownNumber}`,
    },
  },
  receipts: {
    messageId,
    statuses: {
      queued: 'queued',
      sending: 'sending',
      sent: 'sent',
      delivered: 'delivered',
      sending_failed: 'failed',
      delivery_failed: 'undelivered',
      delivery_unconfirmed: 'sent',
      expired: 'undelivered',
    },
    request: (status, code) => ({
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(
        envelope(
          /^(?:queued|sending|sent)$/u.test(status) ? 'message.sent' : 'message.finalized',
          outbound(status, code === undefined ? [] : [{ code, title: `${person} failed` }]),
          // Each event has an id of its own.
          { id: `${eventId.slice(0, -status.length)}${status}` },
        ),
      ),
    }),
    failure: { carrierWord: 'delivery_failed', carrierErrorCode: '40012' },
    optedOut: { carrierErrorCode: '40300' },
  },
};

describe('provider-telnyx', () => {
  const onRequest = recordRequests(process.env['RECORD_REQUESTS'], 'telnyx', ({ pathname }) =>
    pathname.startsWith('/v2/'),
  );
  runProviderContract({ ...contract, onRequest }, { describe, it });
});
