import plivo, { Client, validateSignature, validateV3Signature } from 'plivo';
import { describe, expect, it } from 'vitest';
import {
  authId,
  authToken,
  formOf,
  greeting,
  headersOf,
  ours,
  startCalls,
  startScene,
  theirs,
  xml,
} from './scene.testing.ts';
import type { PlivoSim } from './plivo-sim.ts';

/** The official SDK, pointed at the simulator. */
function sdk(sim: PlivoSim, token = authToken): Client {
  const client = new Client(authId, token, { url: `${sim.url}/v1/Account/${authId}` });
  sendCallsWhereTextsGo(client.calls);
  return client;
}

/** The SDK asks Plivo's own host for calls, whatever URL it was given, unless this mark is taken off the request. */
function sendCallsWhereTextsGo(calls: object): void {
  for (const key of Object.getOwnPropertySymbols(calls)) {
    const request: unknown = Reflect.get(calls, key);
    if (typeof request !== 'function') continue;
    Reflect.set(
      calls,
      key,
      (method: string, action: string, { isVoiceRequest: _mark, ...parameters }: Mark): unknown =>
        Reflect.apply(request, undefined, [method, action, parameters]),
    );
  }
}

/** Put on requests by the SDK itself. */
interface Mark {
  readonly isVoiceRequest?: unknown;
}

describe('the official SDK pointed at the simulator', () => {
  it('sends a message and reads it back', async () => {
    const { sim } = await startScene();
    const { messageUuid, message } = await sdk(sim).messages.create(ours, theirs, 'Hello');
    expect(message).toBe('message(s) queued');
    await sim.settled();
    const [id = ''] = messageUuid;
    expect(id).toBe(sim.messages[0]?.id);
    expect(await sdk(sim).messages.get(id)).toMatchObject({
      messageUuid: id,
      messageState: 'delivered',
      toNumber: '15550100123',
      messageDirection: 'outbound',
    });
  });

  it('finds the V3 and V2 signatures of every webhook right', async () => {
    const { sim, application } = await startScene();
    const url = `${application.url}/status`;
    await sim.text({ from: theirs, to: ours, text: 'Grüße & more = 100% ✅' });
    await sdk(sim).messages.create(ours, theirs, 'Hello', { url });
    await sim.settled();
    expect(application.requests).toHaveLength(4);
    for (const request of application.requests) {
      const headers = headersOf(request);
      const at = `${application.url}${request.path}`;
      const form = Object.fromEntries(formOf(request));
      for (const name of ['v3', 'ma-v3']) {
        const signature = headers[`x-plivo-signature-${name}`] ?? '';
        const nonce = headers['x-plivo-signature-v3-nonce'] ?? '';
        expect(validateV3Signature('POST', at, nonce, authToken, signature, form)).toBe(true);
        expect(validateV3Signature('POST', at, nonce, 'wrong', signature, form)).toBe(false);
      }
      for (const name of ['v2', 'ma-v2']) {
        const signature = headers[`x-plivo-signature-${name}`] ?? '';
        const nonce = headers['x-plivo-signature-v2-nonce'] ?? '';
        expect(validateSignature(at, nonce, signature, authToken)).toBe(true);
      }
    }
  });

  it('finds the signature of a GET right', async () => {
    const { sim, application } = await startScene();
    const url = `${application.url}/status`;
    await sdk(sim).messages.create(ours, theirs, 'Hello', { url, method: 'GET' });
    await sim.settled();
    const verdicts = application.requests.map((request) => {
      const headers = headersOf(request);
      return validateV3Signature(
        'GET',
        `${application.url}${request.target}`,
        headers['x-plivo-signature-v3-nonce'] ?? '',
        authToken,
        headers['x-plivo-signature-v3'] ?? '',
      );
    });
    expect(verdicts).toEqual([true, true, true]);
    expect(application.requests[0]?.query.get('Status')).toBe('queued');
  });

  it('gets errors that it understands', async () => {
    const { sim } = await startScene();
    await expect(sdk(sim, 'wrong').messages.create(ours, theirs, 'Hello')).rejects.toMatchObject({
      status: 401,
      message: 'authentication failed',
    });
    await expect(sdk(sim).messages.get('unknown')).rejects.toMatchObject({
      status: 404,
    });
    await expect(sdk(sim).messages.create(ours, theirs, '')).rejects.toMatchObject({
      status: 400,
    });
  });

  it('lists the media of a picture message, and the numbers', async () => {
    const { sim } = await startScene();
    const media = [{ contentType: 'image/png', bytes: new Uint8Array([1, 2]) }];
    const { id } = await sim.text({ from: theirs, to: ours, media });
    const { objects } = await sdk(sim).messages.listMedia(id);
    expect(objects).toMatchObject([{ contentType: 'image/png', size: 2, messageUuid: id }]);
    expect(Array.from(await sdk(sim).numbers.list())).toMatchObject([{ number: '15550100100' }]);
  });

  it('places a call, reads it, and lists it', async () => {
    const { sim, url } = await startCalls();
    const { requestUuid, message } = await sdk(sim).calls.create(ours, theirs, url, {
      timeLimit: 60,
    });
    expect(message).toBe('call fired');
    const call = await sim.nextCall();
    expect(call).toMatchObject({ requestUuid, timeLimitSeconds: 60, said: ['Hello there'] });
    expect(await sdk(sim).calls.get(call.id)).toMatchObject({
      callUuid: call.id,
      callDirection: 'outbound',
      hangupCauseName: 'Normal Hangup',
    });
    expect(await sdk(sim).calls.list({})).toMatchObject({ 0: { callUuid: call.id } });
  });

  it('hangs a call up, and takes one back that nobody has answered', async () => {
    const { sim, url } = await startCalls(xml('<Wait length="600"/>'), {
      timing: { callAcceleration: 1 },
    });
    sim.setFarEnd(theirs, { ringSeconds: 0 });
    await sdk(sim).calls.create(ours, theirs, url);
    const { id } = await sim.nextCall({ state: 'answered' });
    await sdk(sim).calls.hangup(id);
    expect(await sim.nextCall()).toMatchObject({ id, end: { reason: 'completed', by: 'api' } });
    sim.setFarEnd(theirs, { answer: 'no-answer' });
    const { requestUuid } = await sdk(sim).calls.create(ours, theirs, url);
    await sdk(sim).calls.cancel(String(requestUuid));
    expect(await sim.nextCall()).toMatchObject({ requestUuid, end: { reason: 'canceled' } });
  });

  it('finds the V3 signatures of every webhook of a call right, and its documents are understood', async () => {
    const { sim, application } = await startCalls(() => {
      const document = plivo.Response();
      document.addSpeak('Tom and Jerry');
      document.addHangup();
      return { ...greeting, body: document.toXML() };
    });
    expect((await sim.callIn({ from: theirs, to: ours })).said).toEqual(['Tom and Jerry']);
    expect(application.requests).toHaveLength(2);
    for (const request of application.requests) {
      const headers = headersOf(request);
      const at = `${application.url}${request.path}`;
      const form = Object.fromEntries(formOf(request));
      for (const name of ['v3', 'ma-v3']) {
        const signature = headers[`x-plivo-signature-${name}`] ?? '';
        const nonce = headers['x-plivo-signature-v3-nonce'] ?? '';
        expect(validateV3Signature('POST', at, nonce, authToken, signature, form)).toBe(true);
      }
    }
  });
});
