import { createHmac, createPublicKey, verify as verifyEd25519 } from 'node:crypto';
import { createRequire } from 'node:module';
import querystring from 'node:querystring';
import { signPlivoV3Webhook, verifyPlivoWebhook } from '@openclaw/webhook-verify/plivo';
import { signTelnyxWebhook, verifyTelnyxWebhook } from '@openclaw/webhook-verify/telnyx';
import { signTwilioWebhook, verifyTwilioWebhook } from '@openclaw/webhook-verify/twilio';
import twilio from 'twilio';
import { runGates } from './rounds.ts';
import { inboundMessage, largeForm, plivoMessage, telnyxMessage } from './requests.data.ts';

const require = createRequire(import.meta.url);
const plivo: {
  validateV3Signature(
    method: string,
    url: string,
    nonce: string,
    token: string,
    signature: string,
    params: object,
  ): boolean;
} = require('plivo');

const token = '0123456789abcdef0123456789abcdef';
const contentType = { 'content-type': 'application/x-www-form-urlencoded' };

function refused(verify: () => unknown): boolean {
  try {
    verify();
    return false;
  } catch {
    return true;
  }
}

// ── Twilio ──────────────────────────────────────────────────────────────────
const url = 'https://hooks.example.com/webhooks/sms';

function twilioRequest(text: string) {
  const body = Buffer.from(text);
  const unsigned = { method: 'POST', url, headers: contentType, body };
  const signed = signTwilioWebhook(unsigned, { authToken: token });
  const headers = {
    host: 'hooks.example.com',
    'user-agent': 'TwilioProxy/1.1',
    'content-length': String(body.length),
    ...contentType,
    ...signed,
    accept: '*/*',
    'i-twilio-idempotency-token': '5bb2f6d6-2b1b-4e1b-9f0e-8f1a3f0c6f6d',
  };
  return { method: 'POST', url, headers, body };
}

function joined(text: string): string {
  const fields = [...new URLSearchParams(text)].toSorted(([a], [b]) =>
    a < b ? -1 : Number(a > b),
  );
  return url + fields.map(([name, value]) => name + value).join('');
}

function readTwilioText(request: ReturnType<typeof twilioRequest>): number {
  const { parameters } = verifyTwilioWebhook(request, { authToken: token });
  const from = parameters.get('From') ?? '';
  const to = parameters.get('To') ?? '';
  const text = parameters.get('Body') ?? '';
  const sid = parameters.get('MessageSid') ?? '';
  return from.length + to.length + text.length + sid.length;
}

function readAllFields(request: ReturnType<typeof twilioRequest>): number {
  let length = 0;
  for (const [name, value] of verifyTwilioWebhook(request, { authToken: token }).parameters) {
    length += name.length + value.length;
  }
  return length;
}

const text = twilioRequest(inboundMessage);
const textJoined = joined(inboundMessage);
const large = twilioRequest(largeForm);
const forged = {
  ...large,
  headers: { ...large.headers, 'x-twilio-signature': 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' },
};
const forgedText = {
  ...text,
  headers: { ...text.headers, 'x-twilio-signature': 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' },
};
const largeJoined = joined(largeForm);

// ── Plivo ───────────────────────────────────────────────────────────────────
const plivoUrl = 'https://hooks.example.com/plivo/inbound';
const nonce = '05429567804466091622';
const plivoUnsigned = {
  method: 'POST',
  url: plivoUrl,
  headers: contentType,
  body: Buffer.from(plivoMessage),
};
const plivoHeaders = signPlivoV3Webhook(plivoUnsigned, { authToken: token, nonce });
const plivoRequest = {
  ...plivoUnsigned,
  headers: { host: 'hooks.example.com', ...contentType, ...plivoHeaders },
};
const plivoSignature = plivoHeaders['x-plivo-signature-v3'] ?? '';
const plivoJoined = `${plivoUrl}?${joined(plivoMessage).slice(url.length)}.${nonce}`;

// ── Telnyx ──────────────────────────────────────────────────────────────────
const privateKey = 'g4bpKftGy9mDnqqI3e1Sm+lcTAhkecqCBtzHpD+k268=';
const publicKey = 'uMv/hmRXDlcz5FnYsRXHgMt8YNaeny4bJLnno7XWn+4=';
const spki = Buffer.from('MCowBQYDK2VwAyEAuMv/hmRXDlcz5FnYsRXHgMt8YNaeny4bJLnno7XWn+4=', 'base64');
const keyObject = createPublicKey({ key: spki, format: 'der', type: 'spki' });
const telnyxBody = Buffer.from(telnyxMessage);
const telnyxHeaders = signTelnyxWebhook(
  { body: telnyxBody },
  { privateKey, timestampSeconds: 1_795_165_200 },
);
const telnyxRequest = {
  headers: { host: 'hooks.example.com', ...telnyxHeaders },
  body: telnyxBody,
};
const telnyxOptions = { publicKey, now: () => 1_795_165_200_000 };
const telnyxMessageBytes = Buffer.from(`1795165200|${telnyxMessage}`);
const telnyxSignature = Buffer.from(telnyxHeaders['telnyx-signature-ed25519'], 'base64');

const passed = runGates(
  {
    'Twilio: verify, read 4 of 22 fields': () => readTwilioText(text),
    'Twilio: bare createHmac of the joined string': () =>
      createHmac('sha1', token).update(textJoined).digest('base64'),
    'Twilio: querystring + SDK validateRequest': () =>
      twilio.validateRequest(
        token,
        text.headers['x-twilio-signature'],
        url,
        querystring.parse(text.body.toString()),
      ),
    'Twilio: verify, read all 22 fields': () => readAllFields(text),
    'Twilio: forged text': () =>
      refused(() => verifyTwilioWebhook(forgedText, { authToken: token })),
    'Twilio: 64 KB, verify, read all fields': () => readAllFields(large),
    'Twilio: 64 KB, verify, read 4 fields': () => readTwilioText(large),
    'Twilio: 64 KB, forged': () => refused(() => verifyTwilioWebhook(forged, { authToken: token })),
    'Twilio: 64 KB, bare createHmac': () =>
      createHmac('sha1', token).update(largeJoined).digest('base64'),
    'Plivo V3: verify, read 3 of 10 fields': () => {
      const { parameters } = verifyPlivoWebhook(plivoRequest, { authToken: token });
      return [parameters.get('From'), parameters.get('To'), parameters.get('Text')];
    },
    'Plivo V3: bare createHmac of the joined string': () =>
      createHmac('sha256', token).update(plivoJoined).digest('base64'),
    'Plivo V3: querystring + SDK validateV3Signature': () =>
      plivo.validateV3Signature(
        'POST',
        plivoUrl,
        nonce,
        token,
        plivoSignature,
        querystring.parse(plivoRequest.body.toString()),
      ),
    'Telnyx: verify with a cached key': () => verifyTelnyxWebhook(telnyxRequest, telnyxOptions),
    'Telnyx: bare crypto.verify': () =>
      verifyEd25519(null, telnyxMessageBytes, keyObject, telnyxSignature),
  },
  [
    {
      name: 'Twilio, against the bare HMAC',
      subject: 'Twilio: verify, read 4 of 22 fields',
      peer: 'Twilio: bare createHmac of the joined string',
      atMost: 1.3,
    },
    {
      name: 'Twilio, against the SDK',
      subject: 'Twilio: verify, read 4 of 22 fields',
      peer: 'Twilio: querystring + SDK validateRequest',
      atMost: 1 / 3.5,
    },
    {
      name: 'Twilio, forged against genuine, 64 KB',
      subject: 'Twilio: 64 KB, forged',
      peer: 'Twilio: 64 KB, verify, read 4 fields',
      atMost: 1,
    },
    {
      name: 'Plivo V3, against the bare HMAC',
      subject: 'Plivo V3: verify, read 3 of 10 fields',
      peer: 'Plivo V3: bare createHmac of the joined string',
      atMost: 1.3,
    },
    {
      name: 'Plivo V3, against the SDK',
      subject: 'Plivo V3: verify, read 3 of 10 fields',
      peer: 'Plivo V3: querystring + SDK validateV3Signature',
      atMost: 1 / 5,
    },
    {
      name: 'Telnyx, against bare crypto.verify',
      subject: 'Telnyx: verify with a cached key',
      peer: 'Telnyx: bare crypto.verify',
      atMost: 1.05,
    },
  ],
);
process.exitCode = passed ? 0 : 1;
