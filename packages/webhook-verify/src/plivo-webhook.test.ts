import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { authToken, body, nonce, plain, url, v2, v3, withHeaders } from '../test/plivo-requests.ts';
import { verdictOf } from '../test/vectors.ts';
import {
  signPlivoV2Webhook,
  signPlivoV3Webhook,
  verifyPlivoRequest,
  verifyPlivoWebhook,
} from './plivo.ts';
import type { WebhookRequest } from './request.ts';

describe('the event id', () => {
  it.each([
    ['MessageUUID=m', 'm'],
    ['MessageUUID=m&Status=sent', 'm:sent'],
    ['MessageUUID=m&Status=sent&Sequence=2', 'm:sent:2'],
    ['CallUUID=c&Event=Hangup', undefined],
  ])('of %s is %s', (form, eventId) => {
    expect(verifyPlivoWebhook(v3({ body: form }), { authToken }).eventId).toBe(eventId);
  });
});

const keyOf = (request: WebhookRequest): string =>
  verifyPlivoWebhook(request, { authToken: [authToken, 'other'] }).replayKey;

const digest = (text: string): string =>
  `plivo:${createHash('sha256').update(text).digest('base64url')}`;

describe('the replay key', () => {
  it('is a digest of what was signed', () => {
    expect(keyOf(v3({ url: `${url}?z=1&a=2`, body: 'B=2&A=%C3%BC' }))).toBe(
      digest(`${url}?a=2&z=1.A\u00fcB2.${nonce}`),
    );
    expect(keyOf(v2())).toBe(digest(`${url}${nonce}`));
  });

  it('is the same for any order of query and body, spelling, unsigned header and token (C5, C7)', () => {
    const request = v3({ url: `${url}?b=2&a=%7E`, body: 'd=x+y&c=1' });
    for (const variant of [
      { ...request, url: `${url}?a=~&b=2` },
      { ...request, body: 'c=1&d=x%20y' },
      withHeaders(request, { 'x-other': '1', 'x-plivo-signature-v2': 'x' }),
      v3({ url: request.url, body: request.body }, 'other'),
    ]) {
      expect(keyOf(variant)).toBe(keyOf(request));
    }
  });

  it('is another for another nonce', () => {
    const other = { ...plain, headers: signPlivoV3Webhook(plain, { authToken, nonce: '1' }) };
    expect(keyOf(other)).not.toBe(keyOf(v3()));
  });
});

describe('signing', () => {
  it('makes a nonce of 20 digits, another each time', () => {
    const [first, second] = [1, 2].map(
      () => signPlivoV3Webhook(plain, { authToken })['x-plivo-signature-v3-nonce'],
    );
    expect(first).toMatch(/^[0-9]{20}$/u);
    expect(second).toMatch(/^[0-9]{20}$/u);
    expect(first).not.toBe(second);
    expect(signPlivoV2Webhook(plain, { authToken })['x-plivo-signature-v2-nonce']).toMatch(
      /^[0-9]{20}$/u,
    );
  });

  it.each([
    ['token', { authToken: '' }, 'unusable_secret'],
    ['main token', { authToken, mainAuthToken: '' }, 'unusable_secret'],
    ['nonce', { authToken, nonce: 'a b' }, 'malformed_header'],
  ])('refuses an unusable %s', (_, options, reason) => {
    expect(verdictOf(() => signPlivoV3Webhook(plain, options))).toBe(reason);
    expect(verdictOf(() => signPlivoV2Webhook(plain, options))).toBe(reason);
  });
});

const post = (with_: Record<string, string>): Request =>
  new Request(url, { method: 'POST', headers: with_, body });

describe('verifyPlivoRequest', () => {
  it('verifies a fetch-API request', async () => {
    const request = new Request('http://10.0.0.7/plivo/inbound', {
      method: 'POST',
      headers: signPlivoV3Webhook(plain, { authToken, nonce }),
      body,
    });
    const webhook = await verifyPlivoRequest(request, {
      authToken,
      publicUrl: url,
      requireV3: true,
    });
    expect(webhook.parameters.get('To')).toBe('14155550002');
  });

  it.each([
    [signPlivoV2Webhook(plain, { authToken, nonce })],
    [signPlivoV3Webhook(plain, { authToken, nonce })],
  ])('looks for any of the four headers before it reads the body', async (headers) => {
    await expect(verifyPlivoRequest(post(headers), { authToken })).resolves.toHaveProperty(
      'carrier',
      'plivo',
    );
    await expect(verifyPlivoRequest(post({}), { authToken })).rejects.toMatchObject({
      reason: 'missing_header',
      message:
        'The request has no x-plivo-signature-v3 or x-plivo-signature-ma-v3 or x-plivo-signature-v2 or x-plivo-signature-ma-v2 header.',
    });
  });
});
