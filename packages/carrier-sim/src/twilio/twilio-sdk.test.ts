import twilio from 'twilio';
import { describe, expect, it } from 'vitest';
import {
  accountSid,
  authToken,
  formOf,
  greeting,
  ours,
  startCalls,
  startScene,
  theirs,
  twiml,
} from './scene.testing.ts';
import type { TwilioSim } from './twilio-sim.ts';

/** The official SDK, whose every request goes to the simulator instead. */
function sdk(sim: TwilioSim, token = authToken): twilio.Twilio {
  const http = new twilio.RequestClient();
  const genuine = http.request.bind(http);
  http.request = (options) =>
    genuine({ ...options, uri: options.uri.replace('https://api.twilio.com', sim.url) });
  return twilio(accountSid, token, { httpClient: http });
}

describe('the official SDK pointed at the simulator', () => {
  it('sends a message', async () => {
    const { sim } = await startScene();
    const message = await sdk(sim).messages.create({ to: theirs, from: ours, body: 'Hello' });
    expect(message.sid).toMatch(/^SM[0-9a-f]{32}$/u);
    expect(message.status).toBe('queued');
    expect(message.dateCreated).toBeInstanceOf(Date);
    expect(sim.messages[0]).toMatchObject({ sid: message.sid, body: 'Hello', to: theirs });
  });

  it('reads the message back once it was delivered', async () => {
    const { sim } = await startScene();
    const client = sdk(sim);
    const { sid } = await client.messages.create({ to: theirs, from: ours, body: 'Hello' });
    await sim.settled();
    const message = await client.messages(sid).fetch();
    expect(message.status).toBe('delivered');
    expect(message.dateSent).toBeInstanceOf(Date);
  });

  it('finds the signature of an inbound text right', async () => {
    const { sim, application } = await startScene();
    await sim.text({ from: theirs, to: ours, text: 'Grüße & more = 100% ✅' });
    const [request] = application.requests;
    const signature = String(request?.headers['x-twilio-signature']);
    const form = request === undefined ? {} : Object.fromEntries(formOf(request));
    const url = `${application.url}/sms`;
    expect(twilio.validateRequest(authToken, signature, url, form)).toBe(true);
    expect(twilio.validateRequest('another', signature, url, form)).toBe(false);
  });

  it('finds the signature of every status callback right', async () => {
    const { sim, application } = await startScene();
    const url = `${application.url}/status?id=1`;
    const input = { to: theirs, from: ours, body: 'Hello', statusCallback: url };
    await sdk(sim).messages.create(input);
    await sim.settled();
    const verdicts = application.requests.map((request) =>
      twilio.validateRequest(
        authToken,
        String(request.headers['x-twilio-signature']),
        url,
        Object.fromEntries(formOf(request)),
      ),
    );
    expect(verdicts).toEqual([true, true, true]);
  });

  it('gets an error it understands for a wrong token', async () => {
    const { sim } = await startScene();
    await expect(
      sdk(sim, 'wrong').messages.create({ to: theirs, from: ours, body: 'Hello' }),
    ).rejects.toMatchObject({ status: 401, code: 20_003 });
  });

  it('pages through a list of messages', async () => {
    const { sim } = await startScene();
    const client = sdk(sim);
    for (const body of ['one', 'two', 'three']) {
      // One after the other: the list is ordered by time.
      await client.messages.create({ to: theirs, from: ours, body });
    }
    const listed = await client.messages.list({ to: theirs, pageSize: 2 });
    expect(listed.map(({ body }) => body)).toEqual(['three', 'two', 'one']);
  });

  it('points a number at another webhook and reads it back', async () => {
    const { sim } = await startScene();
    const client = sdk(sim);
    const [number] = await client.incomingPhoneNumbers.list({ phoneNumber: ours });
    const smsUrl = 'https://hooks.example.com/sms';
    await client.incomingPhoneNumbers(number?.sid ?? '').update({ smsUrl });
    expect(await client.incomingPhoneNumbers(number?.sid ?? '').fetch()).toMatchObject({ smsUrl });
    expect(sim.numbers[0]?.messageUrl).toBe(smsUrl);
  });

  it('reads the account', async () => {
    const { sim } = await startScene();
    const account = await sdk(sim).api.v2010.accounts(accountSid).fetch();
    expect(account).toMatchObject({ sid: accountSid, status: 'active' });
  });

  it('places a call, reads it, and lists it', async () => {
    const { sim, application, url } = await startCalls();
    const client = sdk(sim);
    const statusCallback = `${application.url}/status`;
    const { sid, status } = await client.calls.create({
      to: theirs,
      from: ours,
      url,
      timeLimit: 60,
      statusCallback,
      statusCallbackEvent: ['ringing', 'completed'],
    });
    expect(status).toBe('queued');
    await sim.settled();
    expect(await client.calls(sid).fetch()).toMatchObject({
      sid,
      status: 'completed',
      duration: '1',
      direction: 'outbound-api',
    });
    expect((await client.calls.list({ to: theirs })).map((call) => call.sid)).toEqual([sid]);
    expect(sim.calls[0]).toMatchObject({ timeLimitSeconds: 60, said: ['Hello there'] });
  });

  it('hangs a call up', async () => {
    const { sim } = await startCalls(greeting, { timing: { callAcceleration: 1 } });
    sim.setFarEnd(theirs, { ringSeconds: 0 });
    const document = new twilio.twiml.VoiceResponse();
    document.pause({ length: 600 });
    const { sid } = await sdk(sim).calls.create({ to: theirs, from: ours, twiml: document });
    await sim.nextCall({ state: 'answered' });
    const ended = await sdk(sim).calls(sid).update({ status: 'completed' });
    expect(ended.status).toBe('completed');
    await expect(sdk(sim).calls(sid).update({ status: 'completed' })).rejects.toMatchObject({
      code: 21_220,
    });
  });

  it('finds the signature of every webhook of a call right, and its documents are understood', async () => {
    const { sim, application } = await startCalls(() => {
      const document = new twilio.twiml.VoiceResponse();
      document.say('Tom & Jerry');
      document.hangup();
      return twiml(document.toString());
    });
    expect((await sim.callIn({ from: theirs, to: ours })).said).toEqual(['Tom & Jerry']);
    const verdicts = application.requests.map((request) =>
      twilio.validateRequest(
        authToken,
        String(request.headers['x-twilio-signature']),
        `${application.url}${request.target}`,
        Object.fromEntries(formOf(request)),
      ),
    );
    expect(verdicts).toEqual([true, true]);
  });
});
