import { contractValues, type RawWebhook, runProviderContract } from '@openclaw/provider-testkit';
import { describe, it } from 'vitest';
import { mockError } from './errors.ts';
import { createMockProvider } from './provider.ts';
import { signMockWebhook } from './signature.ts';
import type { MockReceipt, MockText } from './webhook-body.ts';

const secrets = { first: 'first-secret', second: 'second-secret', stranger: 'a-stranger' };
const { person, ownNumber, text, emojiText, stopText } = contractValues;

const asWebhook = (body: MockText | MockReceipt): RawWebhook => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
const inbound = (change: Partial<MockText> = {}) => ({
  request: asWebhook({
    type: 'message.received',
    id: 'in-1',
    from: person,
    to: ownNumber,
    text,
    ...change,
  }),
  messageId: 'in-1',
  media: (change.media ?? []).map(({ url }) => url.href),
});
const picture = (name: number) => ({ url: new URL(`https://media.mock.invalid/${name}`) });
const channelAddresses = { from: `whatsapp:${person}`, to: `whatsapp:${ownNumber}` };
const genuine = inbound().request;

for (const capabilities of ['all', 'none'] as const) {
  describe(`with the capabilities "${capabilities}"`, () => {
    runProviderContract(
      {
        createProvider: () =>
          createMockProvider({ webhookSecret: [secrets.first, secrets.second], capabilities }),
        secrets: [secrets.first, secrets.second],
        carrier: {
          kind: 'simulated',
          failNext: (provider, { code, ...details }) => provider.failNext(mockError(code, details)),
          countSent: ({ sent }) => sent.length,
          poolId: 'any-pool',
          hostMedia: (provider, file) => provider.hostMedia(file),
        },
        webhooks: {
          scheme: { signsUrl: false, signsBody: 'bytes' },
          sign: ({ body }, signer) => signMockWebhook(body, secrets[signer]),
          genuine,
          get: { never: 'the mock signs bodies, and a GET has none' },
          json: genuine,
        },
        inbound: {
          text: inbound(),
          emoji: inbound({ text: emojiText }),
          pictureOnly: inbound({ text: '', media: [picture(1)] }),
          severalPictures: inbound({ media: [picture(1), picture(2), picture(10)] }),
          fromShortCode: inbound({ from: contractValues.shortCode }),
          fromSenderName: inbound({ from: contractValues.senderName }),
          stop: inbound({ text: stopText }),
          stopAnswered: inbound({ text: stopText, optOut: 'stop' }),
          channel: { ...inbound(channelAddresses), ...channelAddresses },
        },
        receipts: {
          messageId: 'mock-1',
          statuses: {
            accepted: 'accepted',
            scheduled: 'scheduled',
            queued: 'queued',
            sending: 'sending',
            sent: 'sent',
            delivered: 'delivered',
            read: 'read',
            undelivered: 'undelivered',
            failed: 'failed',
            canceled: 'canceled',
          },
          request: (status, errorCode) =>
            asWebhook({
              type: 'message.status',
              id: 'mock-1',
              status,
              ...(errorCode === undefined ? {} : { errorCode }),
            }),
          failure: { carrierWord: 'failed', carrierErrorCode: '30003' },
        },
      },
      { describe, it },
    );
  });
}
