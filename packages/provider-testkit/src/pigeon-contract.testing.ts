import type { TelephonyProvider } from '@openclaw/telephony-core';
import { contractValues } from './contract-values.ts';
import type {
  HttpCarrier,
  InboundFixture,
  ProviderContract,
  RawWebhook,
  Stage,
} from './fixtures.ts';
import { createPigeonMessaging, pigeon } from './pigeon-messaging.testing.ts';
import {
  createPigeonWebhooks,
  type PigeonBody,
  pigeonToleranceMs,
  signPigeonWebhook,
} from './pigeon-webhooks.testing.ts';

const secrets = { first: 'first-secret', second: 'second-secret', stranger: 'a-stranger' };
const { person, ownNumber, text, emojiText, stopText, webhookUrl } = contractValues;

/** The provider that keeps the contract. */
export function createPigeonProvider(stage: Stage, signs: PigeonBody = 'bytes') {
  return {
    specVersion: 'v1',
    id: pigeon.id,
    messaging: createPigeonMessaging(stage),
    webhooks: createPigeonWebhooks(stage, [secrets.first, secrets.second], signs),
  } as const satisfies TelephonyProvider;
}

const refusal = (status: number, headers: Record<string, string> = {}) => ({
  reply: {
    status,
    headers,
    body: JSON.stringify({ code: `P${status}`, detail: `${person} ${text} ${pigeon.apiKey}` }),
  },
  providerCode: `P${status}`,
});

/** What the pigeon answers. */
export const pigeonCarrier = {
  kind: 'http',
  origins: [pigeon.origin],
  send: {
    accepted: {
      reply: { status: 201, body: '{"id":"m-1","status":"queued"}' },
      messageId: 'm-1',
      status: 'queued',
    },
    poolId: 'flock-1',
    failures: {
      badCredentials: refusal(401),
      invalidRecipient: refusal(422),
      optedOut: refusal(410),
      senderNotAllowed: refusal(418),
      contentRejected: refusal(451),
      noFunds: refusal(402),
      rateLimited: { ...refusal(429, { 'retry-after': '7' }), retryAfterMs: 7000 },
      serverError: refusal(500),
    },
    errorBodies: [401, 410, 422].map((status) => refusal(status).reply.body),
  },
  getMessage: {
    messageId: 'm-1',
    reply: { status: 200, body: '{"id":"m-1","status":"delivered"}' },
    status: 'delivered',
    notFound: { status: 404, body: '{"code":"P404"}' },
  },
  media: {
    url: `${pigeon.origin}/media/1`,
    credentials: 'own-origin',
    redirects: ['https://cdn.pigeon.example.com/1'],
  },
} satisfies HttpCarrier;

/** The contract of the pigeon, whose provider may be replaced by a worse one. */
export function pigeonContract<Provider extends TelephonyProvider>(
  createProvider: (stage: Stage) => Provider,
  signs: PigeonBody = 'bytes',
) {
  const write = (fields: Record<string, string>): RawWebhook =>
    signs === 'bytes'
      ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(fields) }
      : { body: new URLSearchParams(fields).toString() };
  const inbound = (change: Record<string, string> = {}): InboundFixture => ({
    request: write({ id: 'in-1', from: person, to: ownNumber, text, ...change }),
    messageId: 'in-1',
    media: change['media']?.split(' ') ?? [],
  });
  const channel = { from: `whatsapp:${person}`, to: `whatsapp:${ownNumber}` };
  const genuine = inbound().request;
  const query = new URLSearchParams({ id: 'm-1', status: 'sent' }).toString();
  return {
    createProvider,
    secrets: [pigeon.apiKey, secrets.first, secrets.second],
    carrier: pigeonCarrier,
    webhooks: {
      scheme: { signsUrl: true, signsBody: signs, timestampToleranceMs: pigeonToleranceMs },
      sign: (request, signer, signedAt) =>
        signPigeonWebhook(request, secrets[signer], signedAt, signs),
      genuine,
      get: { url: `${webhookUrl}?${query}` },
      json: signs === 'bytes' ? genuine : { never: 'it sends forms' },
    },
    inbound: {
      text: inbound(),
      emoji: inbound({ text: emojiText }),
      pictureOnly: inbound({ text: '', media: `${pigeon.origin}/media/1` }),
      severalPictures: inbound({ media: `${pigeon.origin}/media/1 ${pigeon.origin}/media/2` }),
      fromShortCode: inbound({ from: contractValues.shortCode }),
      fromSenderName: inbound({ from: contractValues.senderName }),
      stop: inbound({ text: stopText }),
      stopAnswered: inbound({ text: stopText, optOut: 'stop' }),
      channel: { ...inbound(channel), ...channel },
    },
    receipts: {
      messageId: 'm-1',
      statuses: { queued: 'queued', sent: 'sent', delivered: 'delivered', failed: 'failed' },
      request: (status, code) =>
        write({ id: 'm-1', status, ...(code === undefined ? {} : { code }) }),
      failure: { carrierWord: 'failed', carrierErrorCode: '30003' },
      optedOut: { carrierErrorCode: 'P410' },
    },
  } as const satisfies ProviderContract<Provider>;
}
