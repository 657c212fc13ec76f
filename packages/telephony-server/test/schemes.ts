import {
  markVerified,
  parseE164,
  type TelephonyEvent,
  type VerifiedWebhook,
  type WebhookReceiver,
  type WebhookRequest,
} from '@openclaw/telephony-core';
import { createMockProvider, signMockWebhook } from '@openclaw/provider-mock';
import { signPlivoV3Webhook, verifyPlivoWebhook } from '@openclaw/webhook-verify/plivo';
import { signTelnyxWebhook, verifyTelnyxWebhook } from '@openclaw/webhook-verify/telnyx';
import { signTwilioWebhook, verifyTwilioWebhook } from '@openclaw/webhook-verify/twilio';
import { ada, ours } from '../src/running-server.testing.ts';

/** How one carrier signs, with the smallest receiver around the verifier that everybody uses. */
export interface Scheme {
  readonly name: 'mock' | 'twilio' | 'telnyx' | 'plivo';
  readonly receiver: WebhookReceiver;
  /** A genuine text with this id: its content type, body, and the headers that sign it. */
  genuine(id: string, text: string): Signed;
}
interface Signed {
  readonly contentType: string;
  readonly body: string;
  readonly headers: { readonly [name: string]: string };
}
interface Fields {
  readonly id: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly text: string | null;
}

const url = 'http://localhost/telephony/webhook';
const authToken = 'only-for-tests';
const form = 'application/x-www-form-urlencoded';
const post = (body: string, contentType = form) => ({
  method: 'POST',
  url,
  headers: { 'content-type': contentType },
  body,
});
// The seed and the public key of RFC 8032, section 7.1, test 1.
const privateKey = hexToBase64('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60');
const publicKey = hexToBase64('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');

/** Every scheme that requests are changed under. */
export const schemes: readonly Scheme[] = [
  {
    name: 'mock',
    receiver: createMockProvider({ webhookSecret: authToken }).webhooks,
    genuine(id, text) {
      const body = JSON.stringify({ type: 'message.received', id, from: ada, to: ours, text });
      return {
        contentType: 'application/json',
        body,
        headers: signMockWebhook(body, authToken),
      };
    },
  },
  {
    name: 'twilio',
    receiver: receiverOf({
      requiredHeaders: [['x-twilio-signature']],
      verify: (request) => verifyTwilioWebhook(request, { authToken }),
      read: (body) => readForm(body, ['MessageSid', 'From', 'To', 'Body']),
    }),
    genuine(id, text) {
      const fields = { MessageSid: id, From: ada, To: ours, Body: text };
      const body = new URLSearchParams(fields).toString();
      return { contentType: form, body, headers: signTwilioWebhook(post(body), { authToken }) };
    },
  },
  {
    name: 'telnyx',
    receiver: receiverOf({
      requiredHeaders: [['telnyx-signature-ed25519'], ['telnyx-timestamp']],
      verify: (request) => verifyTelnyxWebhook(request, { publicKey }),
      read: readJson,
    }),
    genuine(id, text) {
      const body = JSON.stringify({ id, from: ada, to: ours, text });
      return {
        contentType: 'application/json',
        body,
        headers: signTelnyxWebhook({ body }, { privateKey }),
      };
    },
  },
  {
    name: 'plivo',
    receiver: receiverOf({
      requiredHeaders: [['x-plivo-signature-v3'], ['x-plivo-signature-v3-nonce']],
      verify: (request) => verifyPlivoWebhook(request, { authToken, requireV3: true }),
      read: (body) => readForm(body, ['MessageUUID', 'From', 'To', 'Text']),
    }),
    genuine(id, text) {
      const fields = { MessageUUID: id, From: ada, To: ours, Text: text };
      const body = new URLSearchParams(fields).toString();
      return { contentType: form, body, headers: signPlivoV3Webhook(post(body), { authToken }) };
    },
  },
];

function receiverOf(parts: {
  readonly requiredHeaders: WebhookReceiver['requiredHeaders'];
  readonly verify: (request: WebhookRequest) => unknown;
  readonly read: (body: string) => Fields;
}): WebhookReceiver {
  return {
    requiredHeaders: parts.requiredHeaders,
    verify(request) {
      parts.verify(request);
      return markVerified(request, { bodyAuthenticated: true });
    },
    parse: (webhook) => [toEvent(webhook, parts.read(new TextDecoder().decode(webhook.body)))],
    acknowledgement: { status: 200 },
  };
}

function toEvent(webhook: VerifiedWebhook, { id, from, to, text }: Fields): TelephonyEvent {
  const raw = webhook.body;
  if (id === null || from !== ada || to === null) {
    return { type: 'unknown', dedupeKey: `unknown:${String(webhook.receivedAt.getTime())}`, raw };
  }
  return {
    type: 'message.received',
    dedupeKey: id,
    raw,
    message: { id, from: ada, to: parseE164(to), text: text ?? '', media: [] },
  };
}

function readForm(body: string, names: readonly [string, string, string, string]): Fields {
  const sent = new URLSearchParams(body);
  const [id, from, to, text] = names;
  return { id: sent.get(id), from: sent.get(from), to: sent.get(to), text: sent.get(text) };
}

function readJson(body: string): Fields {
  const json: unknown = JSON.parse(body);
  const field = (name: string): string | null => {
    const value: unknown =
      typeof json === 'object' && json !== null ? Reflect.get(json, name) : undefined;
    return typeof value === 'string' ? value : null;
  };
  return { id: field('id'), from: field('from'), to: field('to'), text: field('text') };
}

function hexToBase64(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64');
}
