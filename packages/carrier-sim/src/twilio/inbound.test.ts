import { verifyTwilioWebhook } from '@openclaw/webhook-verify/twilio';
import { describe, expect, it } from 'vitest';
import type { LoopbackRequest } from '../carrier/loopback-server.ts';
import {
  accountSid,
  authToken,
  callApi,
  formOf,
  ours,
  startScene,
  theirs,
  twiml,
  unreachableUrl,
} from './scene.testing.ts';

function verify(request: LoopbackRequest | undefined, url: string): boolean {
  if (request === undefined) return false;
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  );
  const { method, body } = request;
  try {
    verifyTwilioWebhook({ method, url, headers, body }, { authToken });
    return true;
  } catch {
    return false;
  }
}

const never = (): Promise<never> => new Promise(() => undefined);

describe('an inbound text', () => {
  it('is posted as a signed form with the parameters of the real one', async () => {
    const { sim, application } = await startScene();
    const delivery = await sim.text({ from: theirs, to: ours, text: 'Hello' });
    const [request] = application.requests;
    expect(request?.method).toBe('POST');
    expect(Object.fromEntries(application.forms()[0] ?? [])).toEqual({
      ToCountry: 'US',
      ToState: 'CA',
      SmsMessageSid: delivery.sid,
      NumMedia: '0',
      ToCity: 'SAN FRANCISCO',
      FromZip: '94105',
      SmsSid: delivery.sid,
      FromState: 'CA',
      SmsStatus: 'received',
      FromCity: 'SAN FRANCISCO',
      Body: 'Hello',
      FromCountry: 'US',
      To: ours,
      ToZip: '94107',
      NumSegments: '1',
      MessageSid: delivery.sid,
      AccountSid: accountSid,
      From: theirs,
      ApiVersion: '2010-04-01',
    });
    expect(request?.headers).toMatchObject({
      'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
      'user-agent': 'TwilioProxy/1.1',
      'i-twilio-idempotency-token': expect.stringMatching(
        /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/u,
      ),
    });
    expect(verify(request, `${application.url}/sms`)).toBe(true);
  });

  it('reports how the application answered', async () => {
    const { sim, application } = await startScene();
    application.answer = () => Promise.resolve(twiml('<Response/>'));
    const delivery = await sim.text({ from: theirs, to: ours, text: 'Hello' });
    expect(delivery.acknowledged).toBe(true);
    expect(delivery.attempts).toMatchObject([
      {
        url: `${application.url}/sms`,
        status: 200,
        contentType: 'text/xml',
        replyBody: '<Response/>',
      },
    ]);
  });

  it('takes further parameters and other values', async () => {
    const { sim, application } = await startScene();
    const parameters = { ProfileName: 'Ann', FromCity: 'OAKLAND' };
    await sim.text({ from: theirs, to: ours, text: 'Hello', parameters });
    const [form] = application.forms();
    expect(form?.get('ProfileName')).toBe('Ann');
    expect(form?.getAll('FromCity')).toEqual(['OAKLAND']);
    expect(verify(application.requests[0], `${application.url}/sms`)).toBe(true);
  });

  it('is a signed URL for a number with the method GET', async () => {
    const { sim, application } = await startScene();
    sim.setNumber(ours, { messageUrl: `${application.url}/sms?a=1`, messageMethod: 'GET' });
    await sim.text({ from: theirs, to: ours, text: 'Hello world' });
    const [request] = application.requests;
    expect(request).toMatchObject({ method: 'GET', path: '/sms' });
    expect(request?.query.get('Body')).toBe('Hello world');
    expect(verify(request, `${application.url}${request?.target}`)).toBe(true);
  });

  it('is signed for the public URL, and asks for its host, when the origin is served elsewhere', async () => {
    const { sim, application } = await startScene({ origins: {} });
    const { sim: routed } = await startScene({
      origins: { 'https://hooks.example.com': application.url },
    });
    const messageUrl = 'https://hooks.example.com/in?tenant=1';
    for (const each of [sim, routed]) each.setNumber(ours, { messageUrl });
    expect((await sim.text({ from: theirs, to: ours, text: 'Hi' })).attempts).toMatchObject([
      { error: 'not-routed' },
    ]);
    expect((await routed.text({ from: theirs, to: ours, text: 'Hi' })).acknowledged).toBe(true);
    expect(application.requests[0]?.headers.host).toBe('hooks.example.com');
    expect(application.requests[0]?.target).toBe('/in?tenant=1');
    expect(verify(application.requests[0], messageUrl)).toBe(true);
  });

  it('goes nowhere for a number without a URL', async () => {
    const { sim } = await startScene({ numbers: [{ number: ours }] });
    const delivery = await sim.text({ from: theirs, to: ours, text: 'Hello' });
    expect(delivery).toMatchObject({ acknowledged: false, attempts: [], request: undefined });
    await expect(sim.redeliver(delivery)).rejects.toThrow('no webhook');
  });

  it('needs one of our numbers, and text or media', async () => {
    const { sim } = await startScene();
    await expect(sim.text({ from: theirs, to: theirs, text: 'Hi' })).rejects.toThrow(RangeError);
    await expect(sim.text({ from: theirs, to: ours })).rejects.toThrow(RangeError);
  });

  it('can be read back through the API', async () => {
    const { sim } = await startScene();
    const { sid } = await sim.text({ from: theirs, to: ours, text: 'Hello' });
    expect((await callApi(sim, 'GET', `/Messages/${sid}.json`)).body).toMatchObject({
      direction: 'inbound',
      status: 'received',
      body: 'Hello',
      error_code: null,
    });
  });

  it('comes again with the same bytes and headers', async () => {
    const { sim, application } = await startScene();
    const delivery = await sim.text({ from: theirs, to: ours, text: 'Hello' });
    expect(await sim.redeliver(delivery)).toMatchObject({ status: 204 });
    const [first, second] = application.requests;
    expect(second?.body).toEqual(first?.body);
    expect(second?.headers).toEqual(first?.headers);
  });

  it('does not verify with one byte changed', async () => {
    const { sim, application } = await startScene();
    const delivery = await sim.text({ from: theirs, to: ours, text: 'Hello' });
    const forged = sim.forge(delivery);
    const changed = forged.body.filter((byte, index) => byte !== delivery.request?.body[index]);
    expect(changed).toHaveLength(1);
    await sim.post(forged);
    expect(
      application.requests.map((request) => verify(request, `${application.url}/sms`)),
    ).toEqual([true, false]);
  });

  it('can be anything that the account would sign', async () => {
    const { sim, application } = await startScene();
    const url = `${application.url}/sms`;
    await sim.post(sim.sign(url, { Unknown: 'parameter' }));
    expect(verify(application.requests[0], url)).toBe(true);
  });
});

describe('the retries of a webhook', () => {
  it('are one for a connection that fails, and then the fallback URL', async () => {
    const { sim, application } = await startScene();
    const messageUrl = await unreachableUrl();
    const messageFallbackUrl = `${application.url}/fallback`;
    sim.setNumber(ours, { messageUrl, messageFallbackUrl });
    const delivery = await sim.text({ from: theirs, to: ours, text: 'Hello' });
    expect(delivery.attempts).toMatchObject([
      { url: messageUrl, error: 'connect-failed' },
      { url: messageUrl, error: 'connect-failed' },
      { url: messageFallbackUrl, status: 204 },
    ]);
    expect(delivery.acknowledged).toBe(true);
    const [form] = application.forms();
    expect(form?.get('ErrorCode')).toBe('11205');
    expect(form?.get('ErrorUrl')).toBe(messageUrl);
    expect(verify(application.requests[0], messageFallbackUrl)).toBe(true);
    expect(sim.alerts).toMatchObject([{ code: 11_205, url: messageUrl, sid: delivery.sid }]);
  });

  it('are none for an error of the application', async () => {
    const { sim, application } = await startScene();
    application.answer = () => Promise.resolve({ status: 503 });
    const delivery = await sim.text({ from: theirs, to: ours, text: 'Hello' });
    expect(delivery.attempts).toMatchObject([{ status: 503 }]);
    expect(delivery.acknowledged).toBe(false);
    expect(sim.alerts).toMatchObject([{ code: 11_200 }]);
  });

  it('are as many as the URL says, with the same bytes', async () => {
    const { sim, application } = await startScene();
    application.answer = () =>
      Promise.resolve({ status: application.requests.length < 3 ? 500 : 200 });
    sim.setNumber(ours, { messageUrl: `${application.url}/sms#rc=4&rp=5xx` });
    const delivery = await sim.text({ from: theirs, to: ours, text: 'Hello' });
    expect(delivery.attempts.map(({ status }) => status)).toEqual([500, 500, 200]);
    const tokens = application.requests.map((request) => request.headers['x-twilio-signature']);
    expect(new Set(tokens).size).toBe(1);
    expect(verify(application.requests[0], `${application.url}/sms`)).toBe(true);
  });

  it('give up on an application that does not answer in time', async () => {
    const { sim, application } = await startScene();
    application.answer = never;
    sim.setNumber(ours, { messageUrl: `${application.url}/sms#rt=100&rp=rt&rc=1` });
    const delivery = await sim.text({ from: theirs, to: ours, text: 'Hello' });
    expect(delivery.attempts.map(({ error }) => error)).toEqual(['read-timeout', 'read-timeout']);
  });

  it('notice a connection that breaks', async () => {
    const { sim, application } = await startScene();
    application.answer = () => Promise.resolve('hang-up');
    const delivery = await sim.text({ from: theirs, to: ours, text: 'Hello' });
    expect(delivery.attempts).toMatchObject([{ error: 'connection-lost' }]);
  });

  it('do not read replies without end', async () => {
    const { sim, application } = await startScene();
    application.answer = () => Promise.resolve(twiml(' '.repeat(70_000)));
    const delivery = await sim.text({ from: theirs, to: ours, text: 'Hello' });
    expect(delivery.attempts).toMatchObject([{ error: 'reply-too-long' }]);
    expect(sim.alerts).toMatchObject([{ code: 11_750 }]);
  });
});

describe('the reply to an inbound text', () => {
  it('may send messages', async () => {
    const { sim, application } = await startScene();
    application.answer = () =>
      Promise.resolve(
        twiml(
          '<Response><Message>Hi &amp; bye</Message><Message to="+15550100124"><Body>2</Body></Message></Response>',
        ),
      );
    const delivery = await sim.text({ from: theirs, to: ours, text: 'Hello' });
    expect(delivery.replies).toMatchObject([
      { direction: 'outbound-reply', from: ours, to: theirs, body: 'Hi & bye' },
      { to: '+15550100124', body: '2' },
    ]);
    expect(await sim.nextMessage({ to: theirs })).toBe(delivery.replies[0]);
    await sim.settled();
    expect(sim.messages.map(({ status }) => status)).toEqual(['delivered', 'delivered']);
  });

  it('may name its status callback and its media relative to the webhook', async () => {
    const { sim, application } = await startScene();
    application.answer = ({ path }) =>
      Promise.resolve(
        path === '/sms'
          ? twiml(
              '<Response><Message action="status?id=1"><Media>/cat.png</Media></Message></Response>',
            )
          : { status: 200 },
      );
    const { replies } = await sim.text({ from: theirs, to: ours, text: 'Hello' });
    expect(replies[0]).toMatchObject({ mediaUrls: [`${application.url}/cat.png`] });
    await sim.settled();
    expect(application.requests.map(({ target }) => target)).toEqual([
      '/sms',
      '/cat.png',
      '/status?id=1',
      '/status?id=1',
      '/status?id=1',
    ]);
  });

  it('may be a plain text', async () => {
    const { sim, application } = await startScene();
    application.answer = () =>
      Promise.resolve({ status: 200, headers: { 'Content-Type': 'text/plain' }, body: 'Hi' });
    const { replies } = await sim.text({ from: theirs, to: ours, text: 'Hello' });
    expect(replies).toMatchObject([{ body: 'Hi' }]);
  });

  it('leads to alert 12300 when it is JSON', async () => {
    const { sim, application } = await startScene();
    application.answer = () =>
      Promise.resolve({
        status: 200,
        headers: { 'Content-Type': 'application/json' },
        body: '{}',
      });
    const delivery = await sim.text({ from: theirs, to: ours, text: 'Hello' });
    expect(delivery).toMatchObject({ acknowledged: true, replies: [] });
    expect(sim.alerts).toMatchObject([{ code: 12_300, sid: delivery.sid }]);
  });

  it('leads to an alert for each message that is refused, and sends the others', async () => {
    const { sim, application } = await startScene();
    application.answer = () =>
      Promise.resolve(
        twiml(`<Response><Message>${'x'.repeat(1_601)}</Message><Message>ok</Message></Response>`),
      );
    const { replies } = await sim.text({ from: theirs, to: ours, text: 'Hello' });
    expect(replies).toMatchObject([{ body: 'ok' }]);
    expect(sim.alerts).toMatchObject([{ code: 21_617 }]);
  });
});

describe('any number of inbound texts at once', () => {
  it('all arrive, each as itself', async () => {
    const { sim, application } = await startScene();
    const texts = Array.from({ length: 50 }, (_, index) => `text ${index}`);
    const deliveries = await Promise.all(
      texts.map((text) => sim.text({ from: theirs, to: ours, text })),
    );
    expect(deliveries.every(({ acknowledged }) => acknowledged)).toBe(true);
    const seen = application.requests.map((request) => formOf(request).get('Body'));
    expect(new Set(seen)).toEqual(new Set(texts));
    expect(seen).toHaveLength(texts.length);
  });
});
