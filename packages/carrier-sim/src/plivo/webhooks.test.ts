import { verifyPlivoWebhook } from '@openclaw/webhook-verify/plivo';
import { describe, expect, it } from 'vitest';
import type { LoopbackRequest } from '../carrier/loopback-server.ts';
import {
  authId,
  authToken,
  callApi,
  headersOf,
  ours,
  send,
  startScene,
  subaccount,
  theirs,
} from './scene.testing.ts';

function verify(request: LoopbackRequest | undefined, token = authToken): string {
  if (request === undefined) return 'nothing came';
  const { method, body, target } = request;
  const headers = headersOf(request);
  const url = `http://${headers['host']}${target}`;
  try {
    const options = { authToken: token };
    return verifyPlivoWebhook({ method, url, headers, body }, options).signatureVersion;
  } catch {
    return 'refused';
  }
}

const signatureHeaders = (request: LoopbackRequest | undefined): string[] =>
  Object.keys(request?.headers ?? {})
    .filter((name) => name.startsWith('x-plivo-'))
    .toSorted();

describe('the webhook of an inbound text', () => {
  it('has numbers without the plus sign, and the words in Text', async () => {
    const { sim, application } = await startScene();
    const { id } = await sim.text({ from: theirs, to: ours, text: 'Hello' });
    expect(Object.fromEntries(application.forms()[0] ?? [])).toEqual({
      From: '15550100123',
      To: '15550100100',
      Text: 'Hello',
      MessageUUID: id,
      MessageIntent: '',
      Type: 'sms',
      Units: '1',
      TotalRate: '0.00550',
      TotalAmount: '0.00550',
    });
    expect(signatureHeaders(application.requests[0])).toEqual([
      'x-plivo-signature-ma-v2',
      'x-plivo-signature-ma-v3',
      'x-plivo-signature-v2',
      'x-plivo-signature-v2-nonce',
      'x-plivo-signature-v3',
      'x-plivo-signature-v3-nonce',
    ]);
  });

  it('of a picture message has the words in Body, and numbered media', async () => {
    const { sim, application } = await startScene();
    const media = ['image/png', 'image/gif'].map((contentType) => ({
      contentType,
      bytes: new Uint8Array([1]),
    }));
    await sim.text({ from: 'BANK', to: ours, media, parameters: { MCC: '310' } });
    const [form] = application.forms();
    expect(form?.get('Text')).toBeNull();
    expect(Object.fromEntries(form ?? [])).toMatchObject({
      From: 'BANK',
      Body: '',
      Type: 'mms',
      MediaCount: '2',
      Media0: expect.stringContaining(sim.cdnUrl),
      Media1: expect.stringContaining(sim.cdnUrl),
      MCC: '310',
    });
  });

  it.each([
    ['v3', 'v3', 3],
    ['v2', 'v2', 3],
    ['v3-and-v2', 'v3', 6],
    ['ma-v3', 'v3', 3],
  ] as const)('is signed with %s as asked for', async (signatures, version, headerCount) => {
    const { sim, application } = await startScene({ signatures });
    await sim.text({ from: theirs, to: ours, text: 'Hello' });
    const [request] = application.requests;
    expect(verify(request)).toBe(version);
    expect(signatureHeaders(request)).toHaveLength(headerCount);
  });

  it('for a number of a subaccount verifies with its token, and with the main one', async () => {
    const { sim, application } = await startScene({ subaccounts: [subaccount] });
    const numbers = [
      { number: ours, messageUrl: `${application.url}/sms`, subaccount: subaccount.authId },
    ];
    const { sim: own } = await startScene({ subaccounts: [subaccount], numbers });
    await own.text({ from: theirs, to: ours, text: 'Hello' });
    await sim.text({ from: theirs, to: ours, text: 'Hello' });
    const [ofSubaccount, ofMain] = application.requests;
    expect([verify(ofSubaccount), verify(ofSubaccount, subaccount.authToken)]).toEqual([
      'v3',
      'v3',
    ]);
    expect([verify(ofMain), verify(ofMain, subaccount.authToken)]).toEqual(['v3', 'refused']);
  });

  it('may be a GET, and keeps the query of the URL', async () => {
    const { sim, application } = await startScene();
    sim.setNumber(ours, { messageUrl: `${application.url}/sms?a=1`, messageMethod: 'GET' });
    await sim.text({ from: theirs, to: ours, text: 'Hello world' });
    const [request] = application.requests;
    expect(request).toMatchObject({ method: 'GET', path: '/sms' });
    expect([request?.query.get('a'), request?.query.get('Text')]).toEqual(['1', 'Hello world']);
    expect(verify(request)).toBe('v3');
  });

  it('is tried four times, each with a nonce of its own, and then noted as 2403', async () => {
    const { sim, application } = await startScene();
    application.answer = () => Promise.resolve({ status: 404 });
    const { id, attempts } = await sim.text({ from: theirs, to: ours, text: 'Hello' });
    expect(attempts.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    const nonces = application.requests.map((request) => headersOf(request));
    expect(new Set(nonces.map((headers) => headers['x-plivo-signature-v3-nonce'])).size).toBe(4);
    expect(application.requests.map((request) => verify(request))).toEqual(Array(4).fill('v3'));
    expect((await callApi(sim, 'GET', `/Message/${id}/`)).body).toMatchObject({
      error_code: '2403',
      message_direction: 'inbound',
    });
  });

  it('may be answered with messages', async () => {
    const { sim, application } = await startScene();
    application.answer = ({ path }) =>
      Promise.resolve({
        status: 200,
        headers: { 'Content-Type': 'application/xml' },
        body:
          path === '/sms'
            ? `<Response><Message src="15550100100" dst="15550100124" callbackUrl="${application.url}/status">Hi &amp; bye</Message><Message></Message><Message>2</Message><Speak>no</Speak></Response>`
            : '',
      });
    const { replies } = await sim.text({ from: theirs, to: ours, text: 'Hello' });
    expect(replies).toMatchObject([
      { direction: 'outbound-reply', to: '+15550100124', body: 'Hi & bye', authId },
      { to: theirs, from: ours, body: '2' },
    ]);
    await sim.settled();
    expect(sim.messages.map(({ status }) => status)).toEqual(['delivered', 'delivered']);
    expect(application.requests.map(({ path }) => path).slice(1)).toEqual(Array(3).fill('/status'));
  });
});

describe('the status callbacks of a message', () => {
  it('say queued, sent and delivered, in sequence', async () => {
    const { sim, application } = await startScene();
    await send(sim, { url: `${application.url}/status` });
    await sim.settled();
    const [message] = sim.messages;
    expect(application.forms().map((form) => Object.fromEntries(form))).toMatchObject(
      ['queued', 'sent', 'delivered'].map((Status, index) => ({
        Status,
        Sequence: String(index + 1),
        MessageUUID: message?.id,
        ParentMessageUUID: message?.id,
        PartInfo: '1 of 1',
        From: '15550100100',
        To: '15550100123',
        Units: '1',
      })),
    );
    expect(application.forms()[2]?.get('DeliveryReportTime')).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+00:00$/u,
    );
    expect(application.forms()[0]?.has('ErrorCode')).toBe(false);
  });

  it('tell of STOP with error 200, after the one message that may still go out', async () => {
    let clock = 0;
    const { sim, application } = await startScene({ now: () => clock });
    const sendOne = (): ReturnType<typeof send> => send(sim, { url: `${application.url}/status` });
    const { autoReply } = await sim.text({ from: theirs, to: ours, text: 'Stop' });
    expect(autoReply).toBeUndefined();
    expect(application.forms()[0]?.get('MessageIntent')).toBe('optout');
    expect((await sendOne()).status).toBe(202);
    expect((await sendOne()).status).toBe(202);
    await sim.settled();
    expect(sim.messages).toMatchObject([
      { status: 'delivered' },
      { status: 'failed', errorCode: 200 },
    ]);
    const failed = application.forms().filter((form) => form.get('Status') === 'failed');
    expect(failed.map((form) => form.get('ErrorCode'))).toEqual(['200']);
    await sim.text({ from: theirs, to: ours, text: 'STOP' });
    clock += 5 * 60_000 + 1;
    await sendOne();
    await sim.text({ from: theirs, to: ours, text: 'start' });
    await sendOne();
    await sim.settled();
    expect(sim.messages.slice(2).map(({ status }) => status)).toEqual(['failed', 'delivered']);
    await sim.text({ from: theirs, to: ours, text: 'x', optOutType: 'HELP' });
    expect(application.forms().at(-1)?.get('MessageIntent')).toBe('help');
  });

  it('of a subaccount verify with its token', async () => {
    const { sim, application } = await startScene({ subaccounts: [subaccount] });
    await send(sim, { url: `${application.url}/status` }, subaccount);
    await sim.settled();
    expect(sim.messages[0]?.authId).toBe(subaccount.authId);
    expect(application.requests.map((request) => verify(request, subaccount.authToken))).toEqual([
      'v3',
      'v3',
      'v3',
    ]);
  });
});
