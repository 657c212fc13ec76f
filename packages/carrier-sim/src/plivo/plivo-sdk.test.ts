import { Client, validateSignature, validateV3Signature } from 'plivo';
import { describe, expect, it } from 'vitest';
import { authId, authToken, formOf, headersOf, ours, startScene, theirs } from './scene.testing.ts';
import type { PlivoSim } from './plivo-sim.ts';

/** The official SDK, pointed at the simulator. */
function sdk(sim: PlivoSim, token = authToken): Client {
  return new Client(authId, token, { url: `${sim.url}/v1/Account/${authId}` });
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
});
