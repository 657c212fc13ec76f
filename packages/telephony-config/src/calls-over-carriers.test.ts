import { createServer } from 'node:http';
import {
  type CarrierSim,
  startPlivoSim,
  startTelnyxSim,
  startTwilioSim,
} from '@openclaw/carrier-sim';
import { parseE164 } from '@openclaw/telephony-core';
import { createMemoryStore } from '@openclaw/telephony-store';
import { afterEach, describe, expect, it } from 'vitest';
import { parseConfig } from './accounts.ts';
import { createConfiguredServer } from './create-server.ts';

const ours = '+15550100100';
const ada = parseE164('+15550100123');
const publicUrl = 'https://sms.example.com';
const voiceUrl = `${publicUrl}/telephony/webhook`;
const accountSid = `AC${'0'.repeat(32)}`;
const authId = 'MA000000000000000000';
const message = 'The build has failed.';

const ending: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end();
});

interface SimOptions {
  readonly origins: Readonly<Record<string, string>>;
  readonly receipts?: 'before-response';
}

const carriers: Readonly<
  Record<
    string,
    (options: SimOptions) => Promise<{
      readonly sim: CarrierSim;
      readonly credentials: Readonly<Record<string, string>>;
    }>
  >
> = {
  async twilio(options) {
    const numbers = [{ number: ours, voiceUrl, statusCallback: `${publicUrl}/telephony/status` }];
    const sim = await startTwilioSim({ accountSid, authToken: 'token', numbers, ...options });
    return { sim, credentials: { accountSid, authToken: 'token' } };
  },
  async telnyx(options) {
    const connectionId = '1494404757140276705';
    const numbers = [{ number: ours, voiceUrl, connectionId }];
    const sim = await startTelnyxSim({ apiKey: 'KEY0', numbers, ...options });
    return { sim, credentials: { apiKey: 'KEY0', publicKey: sim.publicKey, connectionId } };
  },
  async plivo(options) {
    const numbers = [{ number: ours, voiceUrl, hangupUrl: voiceUrl }];
    const sim = await startPlivoSim({ authId, authToken: 'token', numbers, ...options });
    return { sim, credentials: { authId, authToken: 'token' } };
  },
};

/** A configured server with the carrier's simulator at the other end, over real HTTP both ways. */
async function run(
  carrier: string,
  voice: Readonly<Record<string, unknown>>,
  options: Omit<SimOptions, 'origins'> = {},
) {
  let handler: Parameters<typeof createServer>[1];
  const http = createServer((request, response) => handler?.(request, response));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  ending.push(() => new Promise((resolve) => http.close(resolve)));
  const address = http.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const started = await carriers[carrier]?.({
    origins: { [publicUrl]: `http://127.0.0.1:${port}` },
    ...options,
  });
  if (started === undefined) throw new Error('no such carrier');
  const { sim, credentials } = started;
  const store = createMemoryStore();
  const { server } = createConfiguredServer(
    parseConfig({
      provider: carrier,
      fromNumber: ours,
      publicUrl,
      inboundPolicy: 'allowlist',
      allowFrom: [ada],
      voice,
      [carrier]: { ...credentials, baseUrl: sim.url },
    }),
    { store, onMessage: () => undefined },
  );
  ({ handler } = server);
  server.start();
  ending.push(
    () => store.close(),
    () => server.close(),
    () => sim.close(),
  );
  return { sim, server };
}

/** Every webhook that the carrier sent was taken at the first try. */
function expectAllTaken(sim: CarrierSim): void {
  const answers = sim.calls.flatMap(({ webhooks }) =>
    webhooks.flatMap(({ event, attempts }) =>
      attempts.map(({ status, error }) => ({ event, status, error })),
    ),
  );
  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
}

describe.each(Object.keys(carriers))('through %s, a call', (carrier) => {
  const on = { enabled: true, maxDurationSeconds: 60 };

  it('is placed with its time limit, is heard, and its end is known', async () => {
    const { sim, server } = await run(carrier, on);
    const { id, callId, duplicate } = await server.call({ to: ada, message });
    const call = await sim.nextCall({ to: ada });
    expect(call).toMatchObject({
      direction: 'outbound',
      from: ours,
      timeLimitSeconds: 60,
      said: [message],
      end: { reason: 'completed' },
      problems: [],
    });
    expect(duplicate).toBe(false);
    expect(await server.callRecord(id)).toMatchObject({
      state: 'ended',
      reason: 'completed',
      callId,
    });
    expectAllTaken(sim);
  });

  it.each([
    ['busy', ['busy']],
    ['no-answer', ['no-answer']],
    // Twilio and Plivo tell of somebody who declines as they tell of somebody who is busy.
    ['rejects', ['rejected', 'busy']],
    ['unreachable', ['failed']],
  ] as const)('that meets %s is known to have come to that', async (answer, reasons) => {
    const { sim, server } = await run(carrier, on);
    sim.setFarEnd(ada, { answer });
    const { id } = await server.call({ to: ada, message });
    expect((await sim.nextCall()).said).toEqual([]);
    const record = await server.callRecord(id);
    expect(record?.state).toBe('ended');
    expect(reasons).toContain(record?.reason);
    expectAllTaken(sim);
  });

  it('that is too long for its limit ends there', async () => {
    const { sim, server } = await run(carrier, on);
    const { id } = await server.call({ to: ada, message: 'word '.repeat(300) });
    expect(await sim.nextCall()).toMatchObject({
      durationSeconds: 60,
      end: { by: 'time-limit' },
    });
    expect(await server.callRecord(id)).toMatchObject({ state: 'ended', reason: 'completed' });
    expectAllTaken(sim);
  });

  it('that is hung up in the middle of a word is known to be over', async () => {
    const { sim, server } = await run(carrier, on);
    sim.setFarEnd(ada, { hangsUpAfterSeconds: 1 });
    const { id } = await server.call({ to: ada, message: 'word '.repeat(100) });
    expect(await sim.nextCall()).toMatchObject({ end: { by: 'far-end' } });
    expect(await server.callRecord(id)).toMatchObject({ state: 'ended', reason: 'completed' });
    expectAllTaken(sim);
  });

  it('whose answer was lost is not placed twice, and its end is known all the same', async () => {
    const { sim, server } = await run(carrier, on);
    sim.faults.add({ on: 'call', kind: 'drop-after-accept' });
    const request = { id: 'once', to: ada, message };
    await expect(server.call(request)).rejects.toMatchObject({ outcome: 'unknown' });
    expect(await server.call(request)).toMatchObject({ id: 'once', duplicate: true });
    expect((await sim.nextCall()).said).toEqual([message]);
    await sim.settled();
    expect(sim.calls).toHaveLength(1);
    expect(await server.callRecord('once')).toMatchObject({ state: 'ended', reason: 'completed' });
  });

  it.each(['status-500', 'drop-before-accept', 'cut-off-json'] as const)(
    'whose request met %s is never placed a second time',
    async (kind) => {
      const { sim, server } = await run(carrier, on);
      sim.faults.add({ on: 'call', kind });
      const request = { id: 'once', to: ada, message };
      await expect(server.call(request)).rejects.toThrow();
      await server.call(request);
      await sim.settled();
      expect(sim.calls.length).toBeLessThanOrEqual(1);
      expect((await server.callRecord('once'))?.state).not.toBe('placed');
    },
  );

  it('that the carrier surely refused is known to have failed', async () => {
    const { sim, server } = await run(carrier, on);
    const request = { id: 'refused', to: parseE164(sim.magicNumbers.invalid), message };
    await expect(server.call({ ...request, purpose: 'operator' })).rejects.toMatchObject({
      outcome: 'not-performed',
    });
    expect(await server.callRecord('refused')).toMatchObject({ state: 'failed' });
  });

  it('is heard once, however often its webhooks come', async () => {
    const { sim, server } = await run(carrier, on);
    sim.faults.add({ on: 'call-webhook', kind: 'duplicate', times: 20 });
    await server.call({ to: ada, message });
    expect((await sim.nextCall()).said).toEqual([message]);
    expectAllTaken(sim);
  });

  it('whose webhooks overtake the answer to its request is known all the same', async () => {
    const { sim, server } = await run(carrier, on, { receipts: 'before-response' });
    const { id } = await server.call({ to: ada, message });
    expect(sim.calls).toMatchObject([{ state: 'ended', said: [message] }]);
    expect(await server.callRecord(id)).toMatchObject({ state: 'ended', reason: 'completed' });
    expectAllTaken(sim);
  });

  it('with forged webhooks says nothing', async () => {
    const { sim, server } = await run(carrier, on);
    sim.faults.add({ on: 'call-webhook', kind: 'forged', times: 20 });
    await server.call({ to: ada, message });
    expect((await sim.nextCall()).said).toEqual([]);
  });

  it('that comes in is declined while calls are off', async () => {
    const { sim } = await run(carrier, { enabled: false });
    expect(await sim.callIn({ from: ada, to: ours })).toMatchObject({
      answeredAt: undefined,
      heard: [],
      end: { reason: 'rejected' },
    });
    expectAllTaken(sim);
  });

  it('that comes in is greeted, of those who were let in', async () => {
    const { sim } = await run(carrier, { ...on, inboundGreeting: 'Please send a text.' });
    expect(await sim.callIn({ from: ada, to: ours })).toMatchObject({
      said: ['Please send a text.'],
      end: { reason: 'completed' },
      problems: [],
    });
    expect(await sim.callIn({ from: '+15550100199', to: ours })).toMatchObject({
      answeredAt: undefined,
      end: { reason: 'rejected' },
    });
    expectAllTaken(sim);
  });
});
