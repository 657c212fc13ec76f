import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startTwilioSim, type TwilioSim } from '@openclaw/carrier-sim';
import { signTwilioWebhook } from '@openclaw/webhook-verify/twilio';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTelephony, telephony, telephonyHere } from './telephony.testing.ts';

const account = { accountSid: `AC${'0'.repeat(31)}1`, authToken: 'test-auth-token' };
const ours = '+15550100100';
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'telephony-cli-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Writes a configuration, and returns the options that name it and a database beside it. */
async function configure(over: object = {}): Promise<string[]> {
  const file = join(folder, 'telephony.json5');
  const config = { provider: 'twilio', fromNumber: ours, twilio: account, ...over };
  await writeFile(file, JSON.stringify(config));
  return ['--config', file, '--data', folder];
}

/** Starts a server, and points the simulated number at it. */
async function serve(sim: TwilioSim, args: readonly string[]) {
  const server = startTelephony(['--json', 'serve', ...args]);
  const [line] = await once(createInterface({ input: server.stdout }), 'line');
  sim.setNumber(ours, { messageUrl: JSON.parse(String(line)).webhook });
  return server;
}

describe('telephony on a Node.js that is too old', () => {
  it('says which one it needs', async () => {
    const old = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } })`;
    const options = `--import=data:text/javascript,${encodeURIComponent(old)}`;
    const environment = { NODE_OPTIONS: options };
    expect(await telephony(['segment', 'Hello'], { environment })).toEqual({
      code: 2,
      stdout: '',
      stderr: 'telephony: it needs Node.js 22.13 or newer, and this is 20.20.2\n',
    });
  });
});

describe('telephony segment', () => {
  it('says what a text costs, and why', async () => {
    const { code, stdout } = await telephonyHere(['segment', `${'a'.repeat(160)}’`]);
    expect(code).toBe(0);
    expect(stdout).toContain('3 segments of ucs2, 161 units');
    expect(stdout).toContain("With ’ → ': 2 segments");
  });
  it('reads standard input, and prints JSON before or after the command', async () => {
    for (const args of [
      ['--json', 'segment'],
      ['segment', '--json'],
    ]) {
      const { stdout } = await telephonyHere(args, { input: `${'x'.repeat(161)}\n` });
      expect(JSON.parse(stdout)).toMatchObject({
        encoding: 'gsm7',
        segmentCount: 2,
        unitCount: 161,
      });
    }
  });
});

describe('telephony verify', () => {
  const url = 'https://sms.example.com/hook';
  const body = 'Body=hello&MessageSid=SM1';
  const { 'x-twilio-signature': signature } = signTwilioWebhook(
    { method: 'POST', url, body, headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    { authToken: account.authToken },
  );
  const args = [
    'verify',
    '--carrier',
    'twilio',
    '--url',
    url,
    '--body',
    '-',
    '-H',
    'Content-Type: application/x-www-form-urlencoded',
  ];
  const environment = { TWILIO_AUTH_TOKEN: account.authToken };
  const signed = [...args, '-H', `X-Twilio-Signature: ${signature}`];

  it('tells a genuine webhook from one that was changed, by exit code too', async () => {
    expect(await telephonyHere(signed, { input: body, environment })).toMatchObject({
      code: 0,
      stdout: '✓ genuine\n',
    });
    const forged = await telephonyHere([...signed, '--json'], { input: `${body}0`, environment });
    expect(forged).toMatchObject({ code: 1 });
    expect(JSON.parse(forged.stdout)).toEqual({ genuine: false, reason: 'signature_mismatch' });
  });
  it('says that a header or a secret cannot be one, which is no verdict', async () => {
    const header = await telephonyHere([...args, '-H', 'X: a\nb'], { input: body, environment });
    expect(header).toMatchObject({ code: 2 });
    expect(header.stderr).not.toContain('    at ');
    const key = { TELNYX_PUBLIC_KEY: 'no key at all' };
    const telnyx = [
      'verify',
      '--carrier',
      'telnyx',
      '--url',
      url,
      '--body',
      '-',
      '-H',
      'telnyx-timestamp: 1',
      '-H',
      `telnyx-signature-ed25519: ${'A'.repeat(86)}==`,
    ];
    expect(await telephonyHere(telnyx, { input: body, environment: key })).toMatchObject({
      code: 2,
      stdout: '',
    });
  });
  it('does not guess a secret', async () => {
    const { code, stderr } = await telephonyHere(signed, { input: body });
    expect(code).toBe(2);
    expect(stderr).toContain('set TWILIO_AUTH_TOKEN, or name a file with --secret-file');
  });
});

describe('a call that cannot be right', () => {
  it.each([
    [['nonsense'], /unknown command/u],
    [['send'], /nothing to send: give a text, or --media/u],
    [['call'], /missing required argument/u],
    [['dead', 'retry'], /which\? Give ids from/u],
    [['unknown', 'resolve', 'x', '--as', 'maybe'], /Allowed choices are sent, send-again/u],
    [['serve', '--echo', '--tunnel', 'rope'], /Allowed choices are none, ngrok/u],
    [['verify', '--carrier', 'pigeon', '--url', 'x'], /Allowed choices are twilio, telnyx, plivo/u],
    [['serve', '--config', 'nowhere.json5', '--echo'], /there is no such file/u],
    [['send', '+15550100123', 'hi', '--timeout', 'soon'], /number of seconds above 0/u],
    [['serve'], /who answers\? Give --handler <module>, or --echo/u],
  ])('%j ends with 2, and says why', async (args, why) => {
    const { code, stderr } = await telephonyHere(args);
    expect(stderr).toMatch(why);
    expect(code).toBe(2);
  });
  it('names an unknown setting and the nearest known one', async () => {
    const { code, stderr } = await telephonyHere([
      'serve',
      '--echo',
      ...(await configure({ inboudPolicy: 'open' })),
    ]);
    expect(stderr).toContain('inboudPolicy is no setting; did you mean "inboundPolicy"?');
    expect(code).toBe(2);
  });
  it('refuses a number without its country', async () => {
    const { code, stderr } = await telephonyHere([
      'send',
      '5551234567',
      'hi',
      ...(await configure()),
    ]);
    expect(stderr).toContain('it has 10 digits and no plus sign, so its country is unknown');
    expect(code).toBe(2);
  });
  it('says that its port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const { code, stderr } = await telephonyHere([
      'serve',
      '--echo',
      ...(await configure({ serve: { port } })),
    ]);
    other.close();
    expect(stderr).toContain(
      `port ${port} on 127.0.0.1 is in use: stop what listens there, or set serve.port`,
    );
    expect(code).toBe(2);
  });
  it('says that its database is none', async () => {
    await writeFile(
      join(folder, 'telephony.db'),
      'this is a shopping list, and no database at all\n'.repeat(100),
    );
    const { code, stderr } = await telephonyHere(['serve', '--echo', ...(await configure())]);
    expect(stderr).toContain(join(folder, 'telephony.db'));
    expect(code).toBe(2);
  });
  it('says that its handler is none', async () => {
    const module = join(folder, 'bot.mjs');
    await writeFile(module, 'export const answer = 42;\n');
    const { code, stderr } = await telephonyHere([
      'serve',
      '--handler',
      module,
      ...(await configure()),
    ]);
    expect(stderr).toContain('the handler module must have a default export');
    expect(code).toBe(2);
  });
});

describe('telephony send', { timeout: 30_000 }, () => {
  let sim: TwilioSim;
  beforeEach(async () => {
    sim = await startTwilioSim({ ...account, numbers: [{ number: ours }] });
  });
  afterEach(() => sim.close());
  const sendTo = async (to: string, twilio: object = {}, run = telephonyHere) =>
    run([
      'send',
      to,
      'Hello',
      'there',
      '--json',
      ...(await configure({ twilio: { ...account, baseUrl: sim.baseUrl, ...twilio } })),
    ]);

  it('sends a text by itself when no server runs', async () => {
    const { code, stdout } = await sendTo('+15550100123', {}, telephony);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      segmentCount: 1,
      messages: [{ state: 'accepted' }],
    });
    expect(sim.messages.map(({ body }) => body)).toEqual(['Hello there']);
  });
  it('takes no word that names nobody for the beginning of a text to somebody else', async () => {
    const args = await configure({
      twilio: { ...account, baseUrl: sim.baseUrl },
      defaultTo: '+15550100199',
    });
    for (const word of ['', ' ', 'sms:+15550100123', 'tel:+15550100123']) {
      const { code, stderr } = await telephonyHere(['send', word, 'Hello', ...args]);
      expect(stderr).toContain('The first word names nobody');
      expect(code).toBe(2);
    }
    expect(sim.messages).toEqual([]);
    expect((await telephonyHere(['send', 'Code: 123456', ...args])).code).toBe(0);
    expect(sim.messages).toMatchObject([{ to: '+15550100199', body: 'Code: 123456' }]);
  });
  it('tells what became of a send by its own id too', async () => {
    const args = await configure({
      twilio: { ...account, baseUrl: sim.baseUrl },
      sms: { chunkMode: 'multi' },
      outbound: { segmentsPerSecond: 1000 },
    });
    sim.faults.add({ on: 'send', kind: 'error', code: 21_211, match: { containing: '[2/' } });
    const words = ['send', '+15550100123', 'word '.repeat(60), '--json', ...args];
    const { id } = JSON.parse((await telephonyHere(words)).stdout);
    await sim.settled();
    const found = await telephonyHere(['status', String(id), ...args]);
    expect(found).toMatchObject({ code: 0, stderr: '' });
    expect(found.stdout).toMatch(/^1 of 2:\ndelivered\n.*\n.*\n2 of 2:\nfailed: Twilio answered/u);
  });
  it('says why the carrier would not take it, with exit code 1 and no secret', async () => {
    const refused = await sendTo('+15005550001');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('not sent to +1500•••0001');
    const wrong = await sendTo('+15550100123', { authToken: 'wrong-token' });
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).not.toContain('wrong-token');
  });
  it('leaves the texts that wait for a handler to the server that has one', async () => {
    const twilio = { ...account, baseUrl: sim.baseUrl };
    const hanging = join(folder, 'hanging.mjs');
    await writeFile(hanging, 'export default () => new Promise(() => {});\n');
    const args = await configure({
      twilio,
      serve: { port: 0 },
      inboundPolicy: 'open',
      allowFrom: ['*'],
    });
    const first = await serve(sim, ['--handler', hanging, ...args]);
    await sim.text({ from: '+15550100123', to: ours, text: 'Are you there?' });
    first.kill('SIGKILL');
    await once(first, 'exit');
    expect((await telephonyHere(['send', '+15550100199', 'Meanwhile', ...args])).code).toBe(0);
    const second = await serve(sim, ['--echo', ...args]);
    expect((await sim.nextMessage({ to: '+15550100123' })).body).toBe('Are you there?');
    second.kill('SIGTERM');
    await once(second, 'exit');
  });
  it('says that only a part was sent, with exit code 3', async () => {
    sim.faults.add({ on: 'send', kind: 'error', code: 21_610, match: { containing: '[2/' } });
    const args = await configure({
      twilio: { ...account, baseUrl: sim.baseUrl },
      sms: { chunkMode: 'multi' },
    });
    const { code, stderr } = await telephonyHere([
      'send',
      '+15550100123',
      'word '.repeat(60),
      ...args,
    ]);
    expect(stderr).toContain('only a part was sent to +1555•••0123');
    expect(code).toBe(3);
  });
  it('says that nobody knows when the carrier broke off, with exit code 3', async () => {
    sim.faults.add({ on: 'send', kind: 'drop-after-accept' });
    const { code, stderr } = await sendTo('+15550100123', {}, telephony);
    expect(code).toBe(3);
    expect(stderr).toContain('may or may not have been sent');
    expect(sim.messages).toHaveLength(1);
  });
});

describe('telephony serve', { timeout: 30_000 }, () => {
  it('says where it listens, answers, and ends when it is told to', async () => {
    const args = await configure({ serve: { port: 0 } });
    const server = startTelephony(['--json', 'serve', '--echo', ...args]);
    const [line] = await once(createInterface({ input: server.stdout }), 'line');
    const { listening } = JSON.parse(String(line));
    const health = await fetch(`${listening}/health`);
    expect(await health.json()).toEqual({ ok: true, provider: 'twilio' });
    server.kill('SIGTERM');
    const [code] = await once(server, 'exit');
    expect(code).toBe(0);
  });
});

describe('telephony pair', () => {
  it('lists nobody at first, and knows no code', async () => {
    const args = await configure();
    expect(await telephonyHere(['pair', 'list', ...args])).toMatchObject({
      code: 0,
      stdout: 'Nobody has asked yet.\n',
    });
    const unknown = await telephonyHere(['pair', 'approve', 'ABCD2345', ...args]);
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toContain('no such code: see `telephony pair list`');
    const revoked = await telephonyHere(['pair', 'revoke', '+15550100123', ...args]);
    expect(revoked.code).toBe(1);
  });
  it('cannot open a database that is a folder', async () => {
    await mkdir(join(folder, 'telephony.db'));
    const { code, stderr } = await telephonyHere(['pair', 'list', ...(await configure())]);
    expect(stderr).toContain(join(folder, 'telephony.db'));
    expect(code).toBe(2);
  });
});
