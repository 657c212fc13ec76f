import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startSimulatedCarrier } from '../src/simulated-carrier.ts';
import { ada, openNumber, ours, publicUrl } from './number.testing.ts';
import { fakeCloudflared, linesOf } from './serve-scene.testing.ts';
import { startTelephony, telephony, telephonyHere } from './telephony.testing.ts';

describe('telephony serve with several accounts', { timeout: 30_000 }, () => {
  it('serves two carriers behind one listener, each at its own path', async () => {
    const salesNumber = '+15550100200';
    const origins: { [origin: string]: string } = {};
    const second = await startSimulatedCarrier('telnyx', {
      numbers: [{ number: salesNumber, messageUrl: `${publicUrl}/telephony/webhook/sales` }],
      origins,
    });
    onTestFinished(() => second.sim.close());
    const sales = { ...second.settings, fromNumber: salesNumber };
    const { sim, run, serve } = await openNumber('twilio', { accounts: { sales } });
    const server = await serve();
    origins[publicUrl] = server.start.listening;
    expect(server.start.accounts.map(({ id, webhook }) => [id, webhook])).toEqual([
      ['default', `${publicUrl}/telephony/webhook`],
      ['sales', `${publicUrl}/telephony/webhook/sales`],
    ]);

    await sim.text({ from: ada, to: ours, text: 'To the first' });
    await second.sim.text({ from: ada, to: salesNumber, text: 'To the second' });
    expect((await sim.nextMessage({ to: ada })).body).toBe('To the first');
    expect((await second.sim.nextMessage({ to: ada })).body).toBe('To the second');

    const health = await fetch(`${server.start.listening}/health`);
    expect(await health.json()).toEqual({ ok: true, providers: ['twilio', 'telnyx'] });
    const deep = await fetch(`${server.start.listening}/health?deep=1`);
    expect(await deep.json()).toMatchObject({
      ok: true,
      accounts: { default: { ok: true }, sales: { ok: true } },
    });
    const metrics = await (await fetch(`${server.start.listening}/metrics`)).text();
    expect(metrics).toMatch(/telephony_texts_handled_total\{[^}]*account="sales"[^}]*\} 1/u);

    const sent = await run('send', `telnyx:${ada}`, 'Over the other carrier');
    expect(sent).toMatchObject({ code: 0 });
    expect(second.sim.messages.map(({ body }) => body)).toContain('Over the other carrier');
    const none = await run('send', `plivo:${ada}`, 'Over nobody');
    expect(none.stderr).toContain('no account sends over plivo');
    expect(none.code).toBe(2);
    const unknown = await run('send', ada, 'Hello', '--account', 'sails');
    expect(unknown.stderr).toContain('it has no account "sails"; did you mean "sales"?');
    expect(await server.stop()).toBe(0);
  });

  it('sends through the one that stands in when the other carrier is out of reach (row 18)', async () => {
    const backupNumber = '+15550100200';
    const second = await startSimulatedCarrier('plivo', { numbers: [{ number: backupNumber }] });
    onTestFinished(() => second.sim.close());
    const { sim, run, serve } = await openNumber('twilio', {
      outbound: { failover: { account: 'backup', afterMs: 0 } },
      accounts: { backup: { ...second.settings, fromNumber: backupNumber } },
    });
    const server = await serve();
    await sim.close();
    const sent = await run('send', ada, 'The build is green');
    expect(sent.stdout).toContain('handed to account backup, which sends it to');
    expect(sent.code).toBe(0);
    expect(await second.sim.nextMessage({ to: ada })).toMatchObject({
      from: backupNumber,
      body: 'The build is green',
    });
    const { id } = JSON.parse((await run('--json', 'send', ada, 'And shipped')).stdout);
    const status = await run('status', id);
    const [, otherId = ''] =
      /handed-over to account backup, which sends it as (\S+)/u.exec(status.stdout) ?? [];
    await second.sim.nextMessage({ to: ada });
    const there = await run('status', otherId, '--account', 'backup');
    expect(there.stdout).toMatch(/^(?:queued|sending|sent|delivered)/mu);
    expect(await server.stop()).toBe(0);
  });
});

describe('telephony serve and public addresses', { timeout: 30_000 }, () => {
  it('refuses a private address for a carrier of the real world (row 114)', async () => {
    const { run } = await openNumber('twilio', {
      twilio: { accountSid: `AC${'0'.repeat(31)}1`, authToken: 'test-auth-token' },
      publicUrl: 'https://192.168.1.10',
    });
    const { code, stderr } = await run('serve', '--echo');
    expect(stderr).toContain('publicUrl of account "default": This address cannot be given');
    expect(code).toBe(2);
  });

  it('refuses a tunnel when signatures are not checked (C24)', async () => {
    const { run } = await openNumber('twilio', {
      publicUrl: undefined,
      skipSignatureVerification: true,
    });
    const { code, stderr } = await run('serve', '--echo', '--tunnel', 'cloudflared');
    expect(stderr).toContain('a tunnel would let the whole world text');
    expect(code).toBe(2);
  });

  it('tells no carrier of an address that it cannot reach (row 114)', async () => {
    const { run } = await openNumber('twilio', {
      twilio: { accountSid: `AC${'0'.repeat(31)}1`, authToken: 'test-auth-token' },
      publicUrl: 'https://localhost',
    });
    const { code, stderr } = await run('setup', 'webhook', '--yes');
    expect(stderr).toContain('This address cannot be given to a carrier');
    expect(code).toBe(2);
  });

  it('says what a tunnel needs', async () => {
    const { run } = await openNumber();
    const ngrok = await run('serve', '--echo', '--tunnel', 'ngrok');
    expect(ngrok.stderr).toContain('tunnel.ngrokAuthToken is missing (NGROK_AUTHTOKEN)');
    expect(ngrok.code).toBe(2);
    const elsewhere = await openNumber('twilio', { serve: { port: 0, bind: '127.0.0.2' } });
    const bound = await elsewhere.run('serve', '--echo', '--tunnel', 'cloudflared');
    expect(bound.stderr).toContain('set serve.bind to "127.0.0.1"');
    expect(bound.code).toBe(2);
  });

  it('points the number at itself with --setup-webhook, and can be undone', async () => {
    const number = await openNumber();
    number.sim.setNumber(ours, { messageUrl: 'https://old.example.com/sms' });
    const server = await number.serve(['--echo', '--setup-webhook']);
    const [line] = await once(server.lines, 'line');
    expect(JSON.parse(String(line))).toEqual({
      account: 'default',
      number: ours,
      changed: true,
      from: 'https://old.example.com/sms',
      to: `${publicUrl}/telephony/webhook`,
    });
    await number.sim.text({ from: ada, to: ours, text: 'Hello' });
    expect((await number.sim.nextMessage({ to: ada })).body).toBe('Hello');
    await server.stop();
    expect((await number.run('setup', 'webhook', '--undo', '--yes')).code).toBe(0);
    expect(number.sim.numbers[0]?.messageUrl).toBe('https://old.example.com/sms');
  });

  it('follows a tunnel that moves, tells the carrier, and loses nothing', async () => {
    const number = await openNumber('twilio', { publicUrl: undefined });
    await fakeCloudflared(number.folder);
    const environment = { PATH: `${number.folder}:${process.env['PATH'] ?? ''}` };
    const words = ['--echo', '--tunnel', 'cloudflared', '--setup-webhook'];
    const server = await number.serve(words, environment);
    const [first, second] = [
      'https://number-1.trycloudflare.com',
      'https://number-2.trycloudflare.com',
    ];
    expect(server.start.webhook).toBe(`${first}/telephony/webhook`);
    number.route(first, server.start.listening);
    number.route(second, server.start.listening);
    const said = linesOf(server.lines);
    expect(await said()).toMatchObject({ changed: true, to: `${first}/telephony/webhook` });
    await number.sim.text({ from: ada, to: ours, text: 'At the first' });
    expect((await number.sim.nextMessage({ to: ada })).body).toBe('At the first');
    const found = await number.run('status', '--json');
    expect(JSON.parse(found.stdout)).toMatchObject({ running: { tunnelUrl: first } });

    process.kill(Number(await readFile(join(number.folder, 'pid'), 'utf8')), 'SIGKILL');
    expect(await said()).toMatchObject({ moved: true, webhook: `${second}/telephony/webhook` });
    expect(await said()).toMatchObject({ changed: true, to: `${second}/telephony/webhook` });
    await number.sim.text({ from: ada, to: ours, text: 'At the second' });
    expect((await number.sim.nextMessage({ to: ada })).body).toBe('At the second');
    expect(await server.stop()).toBe(0);
    expect((await number.run('setup', 'webhook', '--undo', '--yes')).code).toBe(0);
    expect(number.sim.numbers[0]?.messageUrl).toBe(`${publicUrl}/telephony/webhook`);
  });
});

describe('telephony serve that waits for a tunnel', { timeout: 30_000 }, () => {
  it('can be stopped before it is open, and that is no failure', async () => {
    const { folder, args } = await openNumber();
    await fakeCloudflared(folder, 'announces nothing');
    const environment = { PATH: `${folder}:${process.env['PATH'] ?? ''}` };
    const words = ['serve', '--echo', '--tunnel', 'cloudflared', ...args];
    const server = startTelephony(words, environment);
    const ended = once(server, 'exit');
    await expect.poll(() => existsSync(join(folder, 'pid')), { timeout: 10_000 }).toBe(true);
    server.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });
});

describe('telephony serve that is told to stop', { timeout: 30_000 }, () => {
  it('gives handlers their grace, and handles the text again at the next start', async () => {
    const { sim, folder, serve } = await openNumber();
    const handler = join(folder, 'handler.mjs');
    const busy = join(folder, 'busy');
    await writeFile(
      handler,
      `import { existsSync, writeFileSync } from 'node:fs';
       export default async (message, reply) => {
         if (existsSync(${JSON.stringify(busy)})) return reply('At last: ' + message.text);
         writeFileSync(${JSON.stringify(busy)}, '');
         return new Promise(() => {});
       };`,
    );
    const first = await serve(['--handler', handler, '--grace', '0.1']);
    await sim.text({ from: ada, to: ours, text: 'Hello' });
    await expect.poll(() => existsSync(busy), { timeout: 10_000 }).toBe(true);
    expect(await first.stop()).toBe(0);
    const second = await serve(['--handler', handler]);
    expect((await sim.nextMessage({ to: ada })).body).toBe('At last: Hello');
    expect(await second.stop()).toBe(0);
  });
});

describe('telephony setup webhook without anybody to ask', { timeout: 30_000 }, () => {
  it('changes nothing where the input ends without a word', async () => {
    const { sim, args } = await openNumber();
    sim.setNumber(ours, { messageUrl: 'https://old.example.com/sms' });
    const asked = await telephony(['setup', 'webhook', ...args]);
    expect(asked).toMatchObject({ code: 1, stderr: 'telephony: nothing was changed\n' });
    expect(sim.numbers[0]?.messageUrl).toBe('https://old.example.com/sms');
    const agreed = await telephony(['setup', 'webhook', ...args], { input: 'y\n' });
    expect(agreed.code).toBe(0);
    expect(sim.numbers[0]?.messageUrl).toContain(publicUrl);
  });
});

describe('a number whose webhook is called by GET', { timeout: 30_000 }, () => {
  it.each(['twilio', 'plivo'] as const)(
    'is found by doctor, mended by set-up, and put back by undo, on %s (row 115)',
    async (carrier) => {
      const { sim, run } = await openNumber(carrier);
      const url = `${publicUrl}/telephony/webhook`;
      const body = JSON.stringify({ number: ours, messageUrl: url, messageMethod: 'GET' });
      const headers = { 'content-type': 'application/json' };
      const set = await fetch(`${sim.url}/_sim/numbers`, { method: 'POST', headers, body });
      expect(set.ok).toBe(true);
      const found = await run('doctor');
      expect(found.stdout).toContain('we are called by GET, and understand only POST');
      const mended = await run('setup', 'webhook', '--yes');
      expect(mended).toMatchObject({ code: 0 });
      expect(mended.stdout).toContain(`${url} (by GET)`);
      expect(sim.numbers[0]).toMatchObject({ messageMethod: 'POST' });
      expect((await run('doctor')).stdout).toContain('texts come to us');
      expect(await run('setup', 'webhook', '--undo', '--yes')).toMatchObject({ code: 0 });
      expect(sim.numbers[0]).toMatchObject({ messageMethod: 'GET' });
    },
  );
});

describe('telephony send through a running server', { timeout: 30_000 }, () => {
  it('sends a file of this machine, which the carrier fetches from the server', async () => {
    const number = await openNumber();
    const picture = join(number.folder, 'cat.png');
    const bytes = new Uint8Array(2000);
    bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    await writeFile(picture, bytes);
    const alone = await number.run('send', ada, 'Look', '--media', picture);
    expect(alone.stderr).toContain('none answers: start it first');
    expect(alone.code).toBe(1);

    const server = await number.serve();
    expect(await number.run('send', ada, 'Look', '--media', picture)).toMatchObject({ code: 0 });
    await number.sim.settled();
    const [download] = number.sim.messages[0]?.mediaDownloads ?? [];
    expect(download).toMatchObject({ status: 200, contentType: 'image/png' });
    expect(Buffer.compare(download?.bytes ?? new Uint8Array(), bytes)).toBe(0);
    await server.stop();
    const { code, stderr } = await number.run('send', ada, '--media', 'ftp://example.com/cat.png');
    expect(stderr).toContain('or a file as ./cat.jpg');
    expect(code).toBe(2);
  });

  it('sends to defaultTo when no recipient is named, and flattens markdown when asked', async () => {
    const { sim, run } = await openNumber('twilio', { defaultTo: ada });
    expect(
      await run('send', '--flatten', 'Backup **done**:', '[log](https://example.com/1)'),
    ).toMatchObject({ code: 0 });
    expect(sim.messages).toMatchObject([
      { to: ada, body: 'Backup done: log (https://example.com/1)' },
    ]);
    const other = await openNumber();
    const { code, stderr } = await other.run('send', 'Backup done');
    expect(stderr).toContain('defaultTo is not set');
    expect(code).toBe(2);
  });
});

describe('telephony call', { timeout: 30_000 }, () => {
  it('is off until voice.enabled, and dials only while a server can tell what to say', async () => {
    const off = await openNumber();
    const refused = await off.run('call', ada, 'Hello');
    expect(refused.stderr).toContain('set voice.enabled');
    expect(refused.code).not.toBe(0);

    const dialled: string[] = [];
    const carrier = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        dialled.push(`${request.url} ${body}`);
        response.writeHead(201, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ sid: `CA${'0'.repeat(31)}1`, status: 'queued' }));
      });
    });
    carrier.listen(0, '127.0.0.1');
    await once(carrier, 'listening');
    onTestFinished(() => void carrier.close());
    const address = carrier.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const number = await openNumber('twilio', {
      twilio: {
        accountSid: `AC${'0'.repeat(31)}1`,
        authToken: 'test-auth-token',
        baseUrl: `http://127.0.0.1:${port}`,
      },
      voice: { enabled: true },
    });
    const silent = await number.run('call', ada, 'Dinner is ready', '--timeout', '0.1');
    expect(silent.stderr).toContain('whoever picks up would hear nothing');
    expect(silent.code).toBe(1);
    expect(dialled).toEqual([]);
    const server = await number.serve();
    const called = await number.run(
      'call',
      `twilio:${ada}`,
      'Dinner',
      '--timeout',
      '0.1',
      '--json',
    );
    expect(called.stderr).toBe('');
    const { callId } = JSON.parse(called.stdout);
    expect(callId).toBe(`CA${'0'.repeat(31)}1`);
    expect(dialled).toEqual([expect.stringContaining(encodeURIComponent(ada))]);
    expect((await number.run('status', callId)).stdout).toContain('placed');
    await server.stop();
  });
});

describe('telephony config', { timeout: 30_000 }, () => {
  it('prints what a configuration comes to, without its secrets', async () => {
    const { run } = await openNumber('twilio', { accounts: { off: { enabled: false } } });
    const { code, stdout } = await run('config', 'check');
    expect(code).toBe(0);
    expect(stdout).toContain('"authToken": "(set)"');
    expect(stdout).not.toContain('simulated-auth-token');
    expect(stdout).toContain('"maxPerHour": 200');
    const wrong = await openNumber('twilio', { inboundPolicy: 'closed' });
    expect((await wrong.run('config', 'check')).code).toBe(2);
  });
  it('refuses what serve would refuse, and names the account', async () => {
    const twilio = { accountSid: `AC${'0'.repeat(31)}1` };
    expect(await refusalOf({ twilio })).toContain(
      '\n  twilio.authToken is missing (TWILIO_AUTH_TOKEN): it checks',
    );
    const sales = { provider: 'plivo', fromNumber: '+15550100200', plivo: { authId: 'MA1' } };
    expect(await refusalOf({ accounts: { sales } })).toContain(
      '\n  accounts.sales.plivo.authToken is missing: it checks',
    );
    const elsewhere = { ...twilio, authToken: 'test', baseUrl: 'http://api.example.com' };
    expect(await refusalOf({ twilio: elsewhere, publicUrl: 'https://a.example.com' })).toContain(
      '\n  twilio settings of the account default: baseUrl must be https',
    );
    const real = { ...twilio, authToken: 'test' };
    expect(await refusalOf({ twilio: real, publicUrl: 'https://10.0.0.1' })).toContain(
      'publicUrl of account "default": This address cannot be given',
    );
  });
  it('says which settings change nothing, and so does serve', async () => {
    const { run, serve } = await openNumber('twilio', { tailscale: { port: 8443 } });
    const words = 'tailscale.port does nothing: the tunnel is "none", not one of Tailscale';
    const checked = await run('config', 'check');
    expect(checked).toMatchObject({ code: 0, stdout: expect.stringContaining(words) });
    const line: unknown = JSON.parse((await run('config', 'check', '--json')).stdout);
    expect(line).toMatchObject({ warnings: [words] });
    const server = await serve();
    const logged = JSON.stringify(words).slice(1, -1);
    await expect.poll(() => server.log(), { timeout: 10_000 }).toContain(logged);
    await server.stop();
  });
  it('refuses a tunnel that could not be opened', async () => {
    const ngrok = { provider: 'ngrok', ngrokAuthToken: 'test' };
    const domain = { ...ngrok, ngrokDomain: 'https://bot.ngrok.app' };
    expect(await refusalOf({ tunnel: domain })).toContain('tunnel.ngrokDomain must be a public');
    expect(await refusalOf({ tunnel: { provider: 'ngrok' } })).toContain(
      'tunnel.ngrokAuthToken is missing (NGROK_AUTHTOKEN)',
    );
    expect(await refusalOf({ tailscale: { mode: 'funnel', port: 444 } })).toContain(
      'tailscale.port must be 443, 8443 or 10000',
    );
    expect(await refusalOf({ tailscale: { mode: 'serve', path: '/sms' } })).toContain(
      'serve.path must be tailscale.path itself or lie below it',
    );
  });
  it('prints the JSON schema, and with --json one line of it', async () => {
    const words = await telephonyHere(['config', 'schema']);
    const line = await telephonyHere(['config', 'schema', '--json']);
    expect(JSON.parse(words.stdout)).toEqual(JSON.parse(line.stdout));
    expect(JSON.parse(line.stdout)).toMatchObject({ properties: { publicUrl: {} } });
    expect(line.stdout.trim()).not.toContain('\n');
  });
});

/** What `config check` and `serve` both say of a configuration that cannot be served. */
async function refusalOf(over: object): Promise<string> {
  const { run } = await openNumber('twilio', over);
  const checked = await run('config', 'check');
  expect(checked).toMatchObject({ code: 2, stdout: '' });
  expect(await run('serve', '--echo')).toEqual(checked);
  return checked.stderr;
}
