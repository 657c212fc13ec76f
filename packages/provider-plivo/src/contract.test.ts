import {
  contractValues,
  type ProviderContract,
  runProviderContract,
  type Signer,
  type UnsignedWebhook,
} from '@openclaw/provider-testkit';
import { signPlivoV2Webhook, signPlivoV3Webhook } from '@openclaw/webhook-verify/plivo';
import { describe, it } from 'vitest';
import { authId, messageUuid, powerpackUuid } from './fake-plivo.testing.ts';
import { createPlivoProvider } from './provider.ts';

const { person, ownNumber, text, emojiText, stopText, shortCode, senderName } = contractValues;
const tokens: Readonly<Record<Signer, string>> = {
  first: 'canary-main-auth-token',
  second: 'canary-subaccount-auth-token',
  stranger: 'the auth token of somebody else',
};
const apiId = 'db342550-7c5d-11e8-842f-0ed5f89f718b';
const refusal = (status: number, error: string) => ({
  reply: { status, body: JSON.stringify({ api_id: apiId, error }) },
});
/** Plivo's answers have sentences and no numbers. */
const sentences = [
  'authentication failed',
  `'${person.slice(1)}' is not a valid phone number.`,
  'dst parameter is invalid',
  'src parameter is invalid',
  'powerpack not found',
  'Insufficient credit',
  'the destination has opted out',
  'text parameter not present',
  'dst country is not enabled',
  'not found',
  'something else',
];
const webhook = (fields: Record<string, string>) => ({
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams(fields).toString(),
});
// Plivo writes numbers without the plus sign.
const inbound = {
  MessageUUID: messageUuid,
  From: person.slice(1),
  To: ownNumber.slice(1),
  Type: 'sms',
  Units: '1',
};
const message = (fields: Record<string, string>) => ({
  messageId: messageUuid,
  request: webhook({ ...inbound, ...fields }),
});
const pictures = Array.from({ length: 10 }, (_, index) => `https://media.plivo.com/${index}.png`);
const picturesFrom = (first: number): Record<string, string> => ({
  Type: 'mms',
  Body: text,
  MediaCount: String(pictures.length),
  ...Object.fromEntries(pictures.map((url, index) => [`Media${index + first}`, url])),
});
const inReceipts = (code: string) => ({
  never: `Plivo takes the message, and reports error ${code} in a receipt`,
});

/** A body that is no form has no signature; then it comes with that of another one. */
function signAnything(
  request: UnsignedWebhook,
  sign: (request: UnsignedWebhook) => Record<string, string>,
): Record<string, string> {
  try {
    return sign(request);
  } catch {
    return sign({ ...request, body: '' });
  }
}

const contract: ProviderContract = {
  createProvider: ({ transport, fetch, now }) =>
    createPlivoProvider({
      authId,
      authToken: [tokens.first, tokens.second],
      transport,
      fetch,
      now,
    }),
  secrets: [tokens.first, tokens.second, btoa(`${authId}:${tokens.first}`)],
  carrier: {
    kind: 'http',
    origins: ['https://api.plivo.com'],
    send: {
      accepted: {
        reply: {
          status: 202,
          body: JSON.stringify({
            api_id: apiId,
            message: 'message(s) queued',
            message_uuid: [messageUuid],
          }),
        },
        messageId: messageUuid,
        status: 'queued',
      },
      poolId: powerpackUuid,
      failures: {
        badCredentials: refusal(401, 'authentication failed'),
        invalidRecipient: refusal(400, `'${person.slice(1)}' is not a valid phone number.`),
        optedOut: inReceipts('200'),
        senderNotAllowed: refusal(400, `the src ${ownNumber} cannot be used`),
        contentRejected: inReceipts('30'),
        noFunds: inReceipts('900'),
        rateLimited: {
          reply: { ...refusal(429, 'too many requests').reply, headers: { 'retry-after': '5' } },
          retryAfterMs: 5000,
        },
        serverError: refusal(500, `could not text ${person}`),
      },
      errorBodies: sentences.map((sentence) => refusal(400, sentence).reply.body),
    },
    getMessage: {
      messageId: messageUuid,
      reply: {
        status: 200,
        body: JSON.stringify({
          api_id: apiId,
          message_uuid: messageUuid,
          message_state: 'failed',
          error_code: '200',
          from_number: ownNumber.slice(1),
          to_number: person.slice(1),
        }),
      },
      status: 'failed',
      carrierErrorCode: '200',
      notFound: refusal(404, 'not found').reply,
    },
    media: {
      url: `https://api.plivo.com/v1/Account/${authId}/Message/${messageUuid}/Media/1/`,
      credentials: 'own-origin',
      redirects: ['https://media.plivo.com/a', 'https://s3.amazonaws.com/a?X-Amz-Signature=1'],
    },
  },
  webhooks: {
    scheme: { signsUrl: true, signsBody: 'parameters' },
    sign: (request, signer) =>
      signAnything(request, (signable) =>
        signPlivoV3Webhook(signable, { authToken: tokens[signer] }),
      ),
    genuine: webhook({ ...inbound, Text: text }),
    get: {
      method: 'GET',
      url: `${contractValues.webhookUrl}?${new URLSearchParams({ ...inbound, Text: text }).toString()}`,
    },
    json: { never: 'Plivo sends forms' },
  },
  inbound: {
    text: message({ Text: text }),
    emoji: message({ Text: emojiText }),
    pictureOnly: {
      ...message({ Type: 'mms', MediaCount: '1', Media0: 'https://media.plivo.com/0.png' }),
      media: ['https://media.plivo.com/0.png'],
    },
    severalPictures: { ...message(picturesFrom(1)), media: pictures },
    fromShortCode: message({ From: shortCode, Text: text }),
    fromSenderName: message({ From: senderName, Text: text }),
    stop: message({ Text: stopText }),
    stopAnswered: message({ Text: stopText, MessageIntent: 'optout' }),
    channel: {
      ...message({ Type: 'whatsapp', Body: text }),
      from: `whatsapp:${person}`,
      to: `whatsapp:${ownNumber}`,
    },
  },
  receipts: {
    messageId: messageUuid,
    statuses: {
      queued: 'queued',
      sent: 'sent',
      delivered: 'delivered',
      undelivered: 'undelivered',
      failed: 'failed',
      read: 'read',
      rejected: 'failed',
    },
    request: (Status, carrierErrorCode) =>
      webhook({
        ...inbound,
        From: inbound.To,
        To: inbound.From,
        ParentMessageUUID: messageUuid,
        PartInfo: '1 of 1',
        Status,
        ...(carrierErrorCode === undefined ? {} : { ErrorCode: carrierErrorCode }),
      }),
    failure: { carrierWord: 'undelivered', carrierErrorCode: '80' },
    optedOut: { carrierErrorCode: '200' },
  },
};

describe('with V3 signatures', () => {
  runProviderContract(contract, { describe, it });
});

describe('with the signature of the main account alone', () => {
  const webhooks: ProviderContract['webhooks'] = {
    ...contract.webhooks,
    sign: (request, signer) =>
      signAnything(request, (signable) =>
        signPlivoV3Webhook(signable, {
          authToken: 'the auth token of a subaccount that is not configured',
          mainAuthToken: tokens[signer],
        }),
      ),
  };
  runProviderContract({ ...contract, webhooks }, { describe, it });
});

describe('with V2 signatures, which leave query and body out', () => {
  const webhooks: ProviderContract['webhooks'] = {
    ...contract.webhooks,
    scheme: { signsUrl: true, signsBody: 'nothing' },
    sign: (request, signer) =>
      signAnything(request, (signable) =>
        signPlivoV2Webhook(signable, { authToken: tokens[signer] }),
      ),
    get: { never: 'V2 does not sign what is in the query of a GET' },
  };
  runProviderContract({ ...contract, webhooks }, { describe, it });
});
