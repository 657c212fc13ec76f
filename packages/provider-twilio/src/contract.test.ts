import {
  contractValues,
  type RawWebhook,
  recordRequests,
  runProviderContract,
} from '@openclaw/provider-testkit';
import { signTwilioWebhook, withBodyDigest } from '@openclaw/webhook-verify/twilio';
import { describe, it } from 'vitest';
import { twilioErrors } from './errors.ts';
import { createTwilioProvider } from './provider.ts';

const accountSid = `AC${'0123456789abcdef'.repeat(2)}`;
const messageSid = `SM${'fedcba9876543210'.repeat(2)}`;
const authTokens = { first: 'first-auth-token', second: 'second-auth-token', stranger: 'stranger' };
const { person, ownNumber, text, emojiText, stopText, webhookUrl } = contractValues;

// Shapes as in Twilio's documentation, 2026-11: the message resource, the error body, the webhook's fields.
const json = { 'content-type': 'application/json' };
const message = {
  account_sid: accountSid,
  api_version: '2010-04-01',
  body: text,
  date_created: 'Fri, 20 Nov 2026 12:00:00 +0000',
  direction: 'outbound-api',
  error_code: null,
  error_message: null,
  from: ownNumber,
  num_media: '0',
  num_segments: '2',
  sid: messageSid,
  status: 'queued',
  to: person,
};
const refusal = (status: number, code: number, words: string, headers = {}) => ({
  reply: {
    status,
    headers: { ...json, ...headers },
    body: JSON.stringify({
      code,
      message: words,
      more_info: `https://www.twilio.com/docs/errors/${code}`,
      status,
    }),
  },
  providerCode: String(code),
});

const ids = {
  ToCountry: 'US',
  ToState: '',
  SmsMessageSid: messageSid,
  SmsSid: messageSid,
  MessageSid: messageSid,
  AccountSid: accountSid,
  ApiVersion: '2010-04-01',
};
const form = (fields: Record<string, string>): RawWebhook => ({
  headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
  body: new URLSearchParams(fields).toString(),
});
const fieldsOf = (fields: Record<string, string> = {}) => ({
  ...ids,
  SmsStatus: 'received',
  NumMedia: '0',
  NumSegments: '1',
  Body: text,
  From: person,
  To: ownNumber,
  ...fields,
});
const inbound = (fields: Record<string, string> = {}, media: readonly string[] = []) => ({
  request: form({
    ...fieldsOf(fields),
    NumMedia: String(media.length),
    ...Object.fromEntries(
      media.flatMap((url, index) => [
        [`MediaContentType${index}`, 'image/jpeg'],
        [`MediaUrl${index}`, url],
      ]),
    ),
  }),
  messageId: messageSid,
  media,
});
const mediaUrl = (index: number) =>
  `https://api.twilio.com/2010-04-01/Accounts/${accountSid}/Messages/${messageSid}/Media/ME${index}`;
const jsonBody = '{"type":"com.twilio.something.new","data":{}}';

runProviderContract(
  {
    createProvider: ({ transport, fetch, now }) =>
      createTwilioProvider({
        accountSid,
        authToken: [authTokens.first, authTokens.second],
        transport,
        fetch,
        now,
      }),
    secrets: [authTokens.first, authTokens.second],
    onRequest: recordRequests(process.env['RECORD_REQUESTS'], 'twilio', ({ pathname }) =>
      pathname.endsWith('.json'),
    ),
    carrier: {
      kind: 'http',
      origins: ['https://api.twilio.com'],
      send: {
        accepted: {
          reply: { status: 201, headers: json, body: JSON.stringify(message) },
          messageId: messageSid,
          status: 'queued',
          segmentCount: 2,
        },
        poolId: `MG${'0123456789abcdef'.repeat(2)}`,
        failures: {
          badCredentials: refusal(401, 20003, 'Authenticate'),
          invalidRecipient: refusal(
            400,
            21211,
            `The 'To' number ${person} is not a valid phone number.`,
          ),
          optedOut: refusal(400, 21610, `Attempt to send to unsubscribed recipient ${person}`),
          senderNotAllowed: refusal(
            400,
            21606,
            `The 'From' phone number ${ownNumber} provided is not a valid message-capable number`,
          ),
          contentRejected: refusal(400, 21618, `The message body cannot be sent: ${text}`),
          noFunds: refusal(403, 20005, 'Account is not active'),
          rateLimited: {
            ...refusal(429, 20429, 'Too Many Requests', { 'retry-after': '7' }),
            retryAfterMs: 7000,
          },
          serverError: refusal(500, 20500, `Internal Server Error: ${text} to ${person}`),
        },
        errorBodies: twilioErrors.map(
          ({ providerCode }) => refusal(400, Number(providerCode), `no: ${person}`).reply.body,
        ),
      },
      getMessage: {
        messageId: messageSid,
        reply: {
          status: 200,
          headers: json,
          body: JSON.stringify({ ...message, status: 'undelivered', error_code: 30003 }),
        },
        status: 'undelivered',
        carrierErrorCode: '30003',
        notFound: refusal(404, 20404, 'The requested resource was not found').reply,
      },
      media: {
        url: mediaUrl(0),
        credentials: 'own-origin',
        redirects: [
          'https://mms.twiliocdn.com/a',
          'https://media.twiliocdn.com/a',
          'https://s3-external-1.amazonaws.com/a?X-Amz-Signature=1',
        ],
      },
    },
    webhooks: {
      scheme: { signsUrl: true, signsBody: 'parameters' },
      sign: (request, signer) => signTwilioWebhook(request, { authToken: authTokens[signer] }),
      genuine: form(fieldsOf()),
      get: { url: `${webhookUrl}?${new URLSearchParams(fieldsOf()).toString()}` },
      json: { url: withBodyDigest(webhookUrl, jsonBody), headers: json, body: jsonBody },
    },
    inbound: {
      text: inbound(),
      emoji: inbound({ Body: emojiText }),
      pictureOnly: inbound({ Body: '' }, [mediaUrl(0)]),
      severalPictures: inbound(
        {},
        Array.from({ length: 11 }, (_, index) => mediaUrl(index)),
      ),
      fromShortCode: inbound({ From: contractValues.shortCode }),
      fromSenderName: inbound({ From: contractValues.senderName }),
      stop: inbound({ Body: stopText }),
      stopAnswered: inbound({ Body: stopText, OptOutType: 'STOP' }),
      channel: {
        ...inbound({ From: `whatsapp:${person}`, To: `whatsapp:${ownNumber}` }),
        from: `whatsapp:${person}`,
        to: `whatsapp:${ownNumber}`,
      },
    },
    receipts: {
      messageId: messageSid,
      statuses: {
        accepted: 'accepted',
        scheduled: 'scheduled',
        queued: 'queued',
        sending: 'sending',
        sent: 'sent',
        delivered: 'delivered',
        undelivered: 'undelivered',
        failed: 'failed',
        canceled: 'canceled',
        read: 'read',
        partially_delivered: 'delivered',
      },
      request: (word, errorCode) =>
        form({
          ...ids,
          MessageStatus: word,
          SmsStatus: word,
          From: ownNumber,
          To: person,
          ...(errorCode === undefined ? {} : { ErrorCode: errorCode }),
        }),
      failure: { carrierWord: 'undelivered', carrierErrorCode: '30003' },
      optedOut: { carrierErrorCode: '21610' },
    },
  },
  { describe, it },
);
