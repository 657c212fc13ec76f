import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { authToken, body, signed, url } from '../test/twilio-requests.ts';
import type { WebhookRequest } from './request.ts';
import { signTwilioWebhook, verifyTwilioRequest, verifyTwilioWebhook } from './twilio.ts';

describe('the event id', () => {
  it.each([
    ['MessageSid=SM1&SmsSid=SM2', 'SM1'],
    ['SmsSid=SM2', 'SM2'],
    ['MessageSid=SM1&MessageStatus=sent', 'SM1:sent'],
    ['CallSid=CA1&CallStatus=completed&SequenceNumber=3', 'CA1:completed:3'],
    ['CallSid=CA1&CallStatus=ringing', undefined],
    ['SequenceNumber=3', undefined],
    ['', undefined],
  ])('of %s is %s', (form, eventId) => {
    expect(verifyTwilioWebhook(signed({ body: form }), { authToken }).eventId).toBe(eventId);
  });
});

const keyOf = (request: WebhookRequest): string =>
  verifyTwilioWebhook(request, { authToken: [authToken, 'other'] }).replayKey;

describe('the replay key', () => {
  it('is a digest of what was signed', () => {
    const text = `${url}BodyGr\u00fc\u00dfeTo1`;
    expect(keyOf(signed({ body: 'To=1&Body=Gr%C3%BC%C3%9Fe' }))).toBe(
      `twilio:${createHash('sha256').update(text).digest('base64url')}`,
    );
  });

  it('is the same for any order, spelling, port, unsigned header and token (C5)', () => {
    const request = signed({ body: 'a=b+c&d=%7E&d=%7E' });
    const variants = [
      { ...request, body: 'd=~&a=b%20c' },
      { ...request, url: 'https://hooks.example.com:8443/sms' },
      { ...request, headers: { ...request.headers, 'i-twilio-idempotency-token': 'x' } },
      signed({ body: request.body }, 'other'),
    ];
    for (const variant of variants) expect(keyOf(variant)).toBe(keyOf(request));
  });

  it('is another for another request', () => {
    expect(keyOf(signed({ body: 'a=1' }))).not.toBe(keyOf(signed({ body: 'a=2' })));
  });
});

const fetchRequest = (request: WebhookRequest, init: RequestInit = {}): Request =>
  new Request(request.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...signTwilioWebhook(request, { authToken }),
    },
    body,
    ...init,
  });

describe('verifyTwilioRequest', () => {
  it('verifies a fetch-API request', async () => {
    const webhook = await verifyTwilioRequest(fetchRequest(signed()), { authToken });
    expect(webhook.parameters.get('Body')).toBe('Grüße &');
  });

  it('puts the public URL in place of the local one', async () => {
    const local = new Request('http://10.0.0.7:3000/sms?x=1', {
      method: 'POST',
      headers: signTwilioWebhook(signed({ url: `${url}?x=1` }), { authToken }),
      body: new TextEncoder().encode(body),
    });
    const options = { authToken, publicUrl: 'https://hooks.example.com' };
    await expect(verifyTwilioRequest(local, options)).resolves.toHaveProperty('eventId', 'SM1');
  });

  it('reads no byte of the body of a request without a signature', async () => {
    let isPulled = false;
    const stream = new ReadableStream(
      {
        pull(controller) {
          isPulled = true;
          controller.close();
        },
      },
      { highWaterMark: 0 },
    );
    const request = new Request(url, { method: 'POST', body: stream, duplex: 'half' });
    await expect(verifyTwilioRequest(request, { authToken })).rejects.toMatchObject({
      reason: 'missing_header',
      message: 'The request has no x-twilio-signature header.',
    });
    expect(isPulled).toBe(false);
  });

  it('puts a body together that comes in parts', async () => {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const bytes = new TextEncoder().encode(body);
    const written = Promise.all([
      ...[0, 10, 11].map((from, index) => writer.write(bytes.slice(from, [10, 11][index]))),
      writer.close(),
    ]);
    const request = new Request(url, {
      method: 'POST',
      headers: signTwilioWebhook(signed(), { authToken }),
      body: readable,
      duplex: 'half',
    });
    await expect(verifyTwilioRequest(request, { authToken })).resolves.toHaveProperty(
      'eventId',
      'SM1',
    );
    await written;
  });

  it.each([undefined, 100_000])('reads no further than its limit: %s', async (maxBodyBytes) => {
    let pullCount = 0;
    const stream = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          pullCount += 1;
          controller.enqueue(new Uint8Array(60_000));
          if (pullCount === 10) controller.close();
        },
      },
      { highWaterMark: 0 },
    );
    const headers = { 'x-twilio-signature': 'x' };
    const request = new Request(url, { method: 'POST', headers, body: stream, duplex: 'half' });
    const options = { authToken, ...(maxBodyBytes === undefined ? {} : { maxBodyBytes }) };
    await expect(verifyTwilioRequest(request, options)).rejects.toMatchObject({
      reason: 'malformed_body',
    });
    expect(pullCount).toBe(2);
  });

  it('takes a URL without a path for one of "/"', async () => {
    const unsigned = signed({ url: 'https://hooks.example.com/' });
    const request = new Request(url, {
      method: 'POST',
      headers: signTwilioWebhook(unsigned, { authToken }),
      body: new TextEncoder().encode(body),
    });
    Object.defineProperty(request, 'url', { value: 'http://10.0.0.7:3000' });
    const options = { authToken, publicUrl: 'https://hooks.example.com' };
    await expect(verifyTwilioRequest(request, options)).resolves.toHaveProperty('eventId', 'SM1');
  });

  it('stops reading a body at its limit', async () => {
    const request = fetchRequest(signed());
    await expect(
      verifyTwilioRequest(request, { authToken, maxBodyBytes: body.length - 1 }),
    ).rejects.toMatchObject({ reason: 'malformed_body' });
    await expect(
      verifyTwilioRequest(fetchRequest(signed()), { authToken, maxBodyBytes: body.length }),
    ).resolves.toHaveProperty('secretIndex', 0);
  });

  it('refuses a request whose body was read before', async () => {
    const request = fetchRequest(signed());
    await request.text();
    await expect(verifyTwilioRequest(request, { authToken })).rejects.toMatchObject({
      reason: 'malformed_request',
    });
  });

  it('takes a GET, which has no body', async () => {
    const get = signed({ method: 'GET', url: `${url}?To=1`, body: '' });
    const request = new Request(get.url, { headers: signTwilioWebhook(get, { authToken }) });
    const webhook = await verifyTwilioRequest(request, { authToken });
    expect(webhook.parameters.get('To')).toBe('1');
  });
});
