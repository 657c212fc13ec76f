import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { signPlivoV3Webhook } from '../src/plivo.ts';
import { signTelnyxWebhook } from '../src/telnyx.ts';
import { signTwilioWebhook } from '../src/twilio.ts';
import { createTextApp as createExpressApp } from './examples/express.ts';
import { createTextApp as createFastifyApp } from './examples/fastify.ts';
import { createTextApp as createHonoApp } from './examples/hono.ts';
import { createTextRoute } from './examples/next-route.ts';
import { createTextServer } from './examples/node-http.ts';
import { readVectors } from './vectors.ts';

const token = 'test0auth0token0for0vectors00000';
const publicUrl = 'https://sms.example.com';
const form = 'Body=Gr%C3%BC%C3%9Fe+%26&Text=Gr%C3%BC%C3%9Fe+%26&To=1';
const formType = { 'content-type': 'application/x-www-form-urlencoded' };

const open: { close(): unknown }[] = [];
/** What the examples say of the webhooks that they refuse. */
const warned: string[] = [];
beforeEach(() => {
  warned.length = 0;
  vi.spyOn(console, 'warn').mockImplementation((message: string) => {
    warned.push(message);
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const server of open.splice(0)) await server.close();
});

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  open.push(server);
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${String(address.port)}`;
}

/** What the carrier sends to this path of the public URL. */
function twilioPost(path: string, token_ = token): RequestInit {
  const unsigned = { method: 'POST', url: publicUrl + path, headers: formType, body: form };
  return {
    method: 'POST',
    headers: { ...formType, ...signTwilioWebhook(unsigned, { authToken: token_ }) },
    body: form,
  };
}
function plivoPost(path: string, token_ = token): RequestInit {
  const unsigned = { method: 'POST', url: publicUrl + path, headers: formType, body: form };
  return {
    method: 'POST',
    headers: { ...formType, ...signPlivoV3Webhook(unsigned, { authToken: token_ }) },
    body: form,
  };
}

async function answer(response: Response): Promise<[number, string]> {
  return [response.status, await response.text()];
}

/** The answer to a text, which a carrier would not read without its type. */
async function textOf(response: Response): Promise<string> {
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; ?charset=utf-8$/iu);
  expect(response.status).toBe(200);
  return response.text();
}

const routed = (init: RequestInit): Request =>
  new Request('http://10.0.0.7:3000/api/text?a=b', init);

describe('the example for', () => {
  it('node:http answers a signed text and refuses a forged one', async () => {
    const origin = await listen(createTextServer(token, publicUrl));
    const path = "/twilio?tenant=It's";
    // Sent raw: fetch would rewrite the quote.
    expect(await textOf(await fetch(`${origin}/twilio?a=b`, twilioPost('/twilio?a=b')))).toBe(
      'You wrote: Grüße &',
    );
    expect(await answer(await fetch(`${origin}/twilio`, twilioPost('/twilio', 'forged')))).toEqual([
      403,
      '',
    ]);
    expect(await answer(await fetch(`${origin}/other`, twilioPost(path)))).toEqual([403, '']);
    const large = { ...twilioPost('/twilio'), body: 'x'.repeat(70_000) };
    expect((await fetch(`${origin}/twilio`, large)).status).toBe(403);
  });

  it('Express answers a signed text and refuses a forged one', async () => {
    const origin = await listen(createServer(createExpressApp(token, publicUrl)));
    expect(await textOf(await fetch(`${origin}/plivo?a=b`, plivoPost('/plivo?a=b')))).toBe(
      'You wrote: Grüße &',
    );
    expect((await fetch(`${origin}/plivo`, plivoPost('/plivo', 'forged'))).status).toBe(403);
    expect((await fetch(`${origin}/plivo`, { method: 'POST' })).status).toBe(403);
    expect(warned[0]).toContain('check the tokens, and that url is the public URL');
    expect(warned[1]).toContain('The request has no');
  });

  it('Express refuses a body that another parser took, and says so', async () => {
    const outer = express().use(express.urlencoded({ extended: false }));
    const origin = await listen(createServer(outer.use(createExpressApp(token, publicUrl))));
    expect((await fetch(`${origin}/plivo`, plivoPost('/plivo'))).status).toBe(403);
    expect(warned).toEqual([
      'The body must be the raw bytes (Uint8Array) or text, not a parsed object.',
    ]);
  });

  it('Fastify answers a signed text and refuses a forged one', async () => {
    const app = createFastifyApp(token, publicUrl);
    open.push(app);
    const origin = await app.listen({ port: 0, host: '127.0.0.1' });
    expect(await textOf(await fetch(`${origin}/twilio?a=b`, twilioPost('/twilio?a=b')))).toBe(
      'You wrote: Grüße &',
    );
    expect(await answer(await fetch(`${origin}/twilio`, twilioPost('/twilio', 'forged')))).toEqual([
      403,
      '',
    ]);
    expect((await fetch(`${origin}/twilio`, { method: 'POST' })).status).toBe(403);
  });

  it('Hono answers a signed event and refuses a forged one', async () => {
    const [key, other] = readVectors('telnyx').keys;
    const privateKey = Buffer.from(key?.seedHex ?? '', 'hex').toString('base64');
    const app = createHonoApp(key?.rawBase64 ?? '');
    const body = '{"data":{"id":"event-1"}}';
    const headers = signTelnyxWebhook({ body }, { privateKey });
    const post = { method: 'POST', headers, body };
    expect(await answer(await app.request('/telnyx', post))).toEqual([
      200,
      '{"received":"event-1"}',
    ]);
    const forged = { ...post, body: `${body} ` };
    expect(await answer(await app.request('/telnyx', forged))).toEqual([403, '']);
    const strict = createHonoApp(other?.rawBase64 ?? '');
    expect((await strict.request('/telnyx', post)).status).toBe(403);
  });

  it('route handlers answers a signed text and refuses a forged one', async () => {
    const route = createTextRoute(token, publicUrl);
    expect(await textOf(await route(routed(twilioPost('/api/text?a=b'))))).toBe(
      'You wrote: Grüße &',
    );
    expect(await answer(await route(routed(twilioPost('/api/text?a=b', 'forged'))))).toEqual([
      403,
      '',
    ]);
  });
});
