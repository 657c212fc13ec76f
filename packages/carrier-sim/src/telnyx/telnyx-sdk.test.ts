import Telnyx from 'telnyx';
import { describe, expect, it } from 'vitest';
import type { LoopbackRequest } from '../carrier/loopback-server.ts';
import { apiKey, ours, profileId, startCalls, startScene, theirs } from './scene.testing.ts';
import type { TelnyxSim } from './telnyx-sim.ts';

/** The official SDK, pointed at the simulator; it would send a failed message again by itself. */
function sdk(sim: TelnyxSim, key = apiKey): Telnyx {
  return new Telnyx({ apiKey: key, baseURL: `${sim.url}/v2`, maxRetries: 0 });
}

async function accepts(sim: TelnyxSim, request: LoopbackRequest, key?: string): Promise<boolean> {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  );
  const body = Buffer.from(request.body).toString('utf8');
  return sdk(sim)
    .webhooks.unwrap(body, { headers, key: key ?? sim.publicKey })
    .then(
      () => true,
      () => false,
    );
}

describe('the official SDK pointed at the simulator', () => {
  it('sends a message and reads it back', async () => {
    const { sim } = await startScene();
    const { data } = await sdk(sim).messages.send({ to: theirs, from: ours, text: 'Hello' });
    expect(data).toMatchObject({
      direction: 'outbound',
      encoding: 'GSM-7',
      parts: 1,
      to: [{ phone_number: theirs, status: 'queued' }],
      errors: [],
    });
    await sim.settled();
    const read = await sdk(sim).messages.retrieve(data?.id ?? '');
    expect(read.data).toMatchObject({ id: data?.id, to: [{ status: 'delivered' }] });
  });

  it('verifies the webhooks of texts and receipts, and none that was changed', async () => {
    const { sim, application } = await startScene();
    const delivery = await sim.text({ from: theirs, to: ours, text: 'Grüße & more ✅' });
    await sdk(sim).messages.send({ to: theirs, from: ours, text: 'Hello' });
    await sim.settled();
    await sim.post(sim.forge(delivery));
    const verdicts = await Promise.all(
      application.requests.map((request) => accepts(sim, request)),
    );
    expect(verdicts).toEqual([true, true, true, false]);
    const [first] = application.requests;
    const { publicKey } = (await startScene({ privateKey: Buffer.alloc(32, 1).toString('base64') }))
      .sim;
    expect(first !== undefined && (await accepts(sim, first, publicKey))).toBe(false);
  });

  it('gets errors that it understands', async () => {
    const { sim } = await startScene();
    const message = { to: theirs, from: ours, text: 'Hello' };
    await expect(sdk(sim, 'wrong').messages.send(message)).rejects.toThrow(
      Telnyx.AuthenticationError,
    );
    await expect(sdk(sim).messages.send({ ...message, to: '15550100123' })).rejects.toThrow(
      Telnyx.BadRequestError,
    );
    sim.faults.add({ on: 'send', kind: 'status-429' });
    await expect(sdk(sim).messages.send(message)).rejects.toThrow(Telnyx.RateLimitError);
  });

  it('points the profile of a number at another webhook and reads it back', async () => {
    const { sim } = await startScene();
    const client = sdk(sim);
    const webhookUrl = 'https://hooks.example.com/sms';
    const numbers: unknown[] = [];
    for await (const number of client.phoneNumbers.messaging.list()) numbers.push(number);
    expect(numbers).toMatchObject([{ phone_number: ours, messaging_profile_id: profileId }]);
    await client.messagingProfiles.update(profileId, { webhook_url: webhookUrl });
    const { data } = await client.messagingProfiles.retrieve(profileId);
    expect(data).toMatchObject({ id: profileId, webhook_url: webhookUrl });
    expect(sim.numbers[0]?.messageUrl).toBe(webhookUrl);
  });

  it('reads the balance', async () => {
    const { sim } = await startScene();
    expect((await sdk(sim).balance.retrieve()).data).toMatchObject({ currency: 'USD' });
  });

  it('places a call, reads it, commands it, and hangs it up', async () => {
    const { sim, connectionId: connection_id } = await startCalls(
      {},
      {
        timing: { callAcceleration: 1 },
      },
    );
    sim.setFarEnd(theirs, { ringSeconds: 0 });
    const { calls } = sdk(sim);
    const { data } = await calls.dial({
      connection_id,
      to: theirs,
      from: ours,
      time_limit_secs: 60,
    });
    const id = data?.call_control_id ?? '';
    await sim.nextCall({ state: 'answered' });
    const said = await calls.actions.speak(id, { payload: 'Hello', voice: 'AWS.Polly.Joanna' });
    expect(said.data).toEqual({ result: 'ok' });
    expect((await calls.retrieveStatus(id)).data).toMatchObject({ is_alive: true });
    await calls.actions.hangup(id, {});
    expect(await sim.nextCall()).toMatchObject({ id, timeLimitSeconds: 60, said: ['Hello'] });
    expect((await calls.retrieveStatus(id)).data).toMatchObject({ is_alive: false });
    await expect(calls.actions.hangup(id, {})).rejects.toMatchObject({ status: 422 });
  });

  it('finds the signature of every event of a call right', async () => {
    const { sim, application } = await startCalls();
    await sim.callIn({ from: theirs, to: ours });
    const verdicts = await Promise.all(
      application.requests.map((request) => accepts(sim, request)),
    );
    expect(verdicts).toEqual([true, true, true, true, true]);
  });
});
