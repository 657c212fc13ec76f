import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CarrierName, carrierNames } from '../src/carrier-names.ts';
import { type SimulatedCarrier, startSimulatedCarrier } from '../src/simulated-carrier.ts';
import { startTelephony, telephonyHere } from './telephony.testing.ts';

const ours = '+15550100100';
let folder = '';
let carrier: SimulatedCarrier | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'telephony-carriers-'));
});
afterEach(async () => {
  await carrier?.sim.close();
  carrier = undefined;
  await rm(folder, { recursive: true });
});

/** Starts a simulated account, and returns the options of a command that works with it. */
async function account(
  name: CarrierName,
  over: object = {},
): Promise<{ readonly sim: SimulatedCarrier['sim']; readonly args: string[] }> {
  carrier = await startSimulatedCarrier(name, {
    numbers: [{ number: ours, messageUrl: 'https://old.example.com/sms' }],
  });
  const file = join(folder, 'telephony.json5');
  const settings = { ...carrier.settings, fromNumber: ours, publicUrl: 'https://new.example.com' };
  await writeFile(file, JSON.stringify({ ...settings, ...over }));
  return { sim: carrier.sim, args: ['--config', file, '--data', folder] };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  return typeof address === 'object' && address ? address.port : 0;
}

describe.each(carrierNames)('on %s', { timeout: 30_000 }, (name) => {
  it('telephony setup webhook shows the difference, asks, applies, and undoes', async () => {
    const { sim, args } = await account(name);
    // Twilio is also told, behind the `#`, how to try again.
    const urlNow = (): string | undefined => sim.numbers[0]?.messageUrl?.split('#')[0];
    const refused = await telephonyHere(['setup', 'webhook', ...args], { input: 'n\n' });
    expect(refused.stdout).toMatch(
      /now +https:\/\/old\.example\.com\/sms\nthen +https:\/\/new\.example\.com\/telephony\/webhook/u,
    );
    expect(refused).toMatchObject({ code: 1 });
    expect(urlNow()).toBe('https://old.example.com/sms');

    expect(await telephonyHere(['setup', 'webhook', ...args], { input: 'y\n' })).toMatchObject({
      code: 0,
    });
    expect(urlNow()).toBe('https://new.example.com/telephony/webhook');
    const again = await telephonyHere(['setup', 'webhook', '--yes', ...args]);
    expect(again.stdout).toContain('It is so already.');

    expect((await telephonyHere(['setup', 'webhook', '--undo', '--yes', ...args])).code).toBe(0);
    expect(urlNow()).toBe('https://old.example.com/sms');
    const nothing = await telephonyHere(['setup', 'webhook', '--undo', '--yes', ...args]);
    expect(nothing.stderr).toContain('there is nothing to undo');
    expect(nothing.code).toBe(1);
  });

  it('telephony send --provider chooses among the carriers of one configuration', async () => {
    const { args, sim } = await account(name, { provider: 'mock' });
    const sent = await telephonyHere([
      'send',
      '+15550100123',
      'Hello',
      '--provider',
      name,
      ...args,
    ]);
    expect(sent.code).toBe(0);
    expect(sim.messages.map(({ body }) => body)).toEqual(['Hello']);
  });

  it('telephony status tells what the carrier says of a message', async () => {
    const { args } = await account(name);
    const sent = await telephonyHere(['send', '+15550100123', 'Hello', '--json', ...args]);
    const { messages } = JSON.parse(sent.stdout);
    await carrier?.sim.settled();
    const { stdout, code } = await telephonyHere([
      'status',
      messages[0].messageId,
      '--json',
      ...args,
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'delivered' });
    expect(code).toBe(0);
  });

  it('telephony doctor finds a healthy number healthy, and says what is wrong with another', async () => {
    const port = await freePort();
    const { sim, args } = await account(name, {
      publicUrl: `http://127.0.0.1:${port}`,
      serve: { port },
    });
    const ill = await telephonyHere(['doctor', ...args]);
    expect(ill.code).toBe(1);
    expect(ill.stdout).toContain('run: telephony setup webhook');
    expect(ill.stdout).toContain('nobody answers at');

    const server = startTelephony(['--json', 'serve', '--echo', ...args]);
    await once(createInterface({ input: server.stdout }), 'line');
    sim.setNumber(ours, { messageUrl: `http://127.0.0.1:${port}/telephony/webhook` });
    const { stdout, code } = await telephonyHere(['doctor', '--json', ...args]);
    server.kill('SIGTERM');
    await once(server, 'exit');
    const findings: { readonly check: string; readonly result: string }[] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const skipped = name === 'telnyx' ? 'skipped' : 'ok';
    expect(findings.map(({ check, result }) => [check, result])).toEqual([
      ['configuration', 'ok'],
      ['tunnel', 'skipped'],
      ['number at the carrier', 'ok'],
      ['clock', 'ok'],
      ['public address', 'ok'],
      ['a genuine webhook', skipped],
      ['a forged webhook', skipped],
      ['quiet hours', 'ok'],
      ['scheduled texts', 'ok'],
      ['given up', 'ok'],
      ['sends of unknown fate', 'ok'],
    ]);
    expect(code).toBe(0);
  });

  it('telephony simulate runs a carrier that anybody can use', async () => {
    const child = startTelephony(['simulate', '--carrier', name, '--json']);
    const [line] = await once(createInterface({ input: child.stdout }), 'line');
    const { control, settings } = JSON.parse(String(line));
    const file = join(folder, 'telephony.json5');
    await writeFile(file, JSON.stringify({ ...settings, fromNumber: ours }));
    const sent = await telephonyHere(['send', '+15550100123', 'Hello', '-c', file, '-d', folder]);
    expect(sent.code).toBe(0);
    const messages = await (await fetch(`${control}messages`)).json();
    expect(JSON.stringify(messages)).toContain('Hello');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});
