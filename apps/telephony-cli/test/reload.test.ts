import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  ada,
  openNumber,
  ours,
  publicUrl,
  type ServeChild,
  type TestNumber,
} from './number.testing.ts';
import { fakeCloudflared, fakeTailscale, linesOf } from './serve-scene.testing.ts';

describe('telephony serve whose configuration changes', { timeout: 30_000 }, () => {
  it('puts it to use on SIGHUP, and goes on as before when it is wrong (row 88)', async () => {
    const number = await openNumber('twilio', { inboundPolicy: 'disabled', allowFrom: [] });
    const server = await number.serve();
    const said = linesOf(server.lines);
    await number.sim.text({ from: ada, to: ours, text: 'Too early' });

    const policy = { inboundPolicy: 'open', allowFrom: ['*'] };
    const open = { ...number.settings, ...policy, serve: { port: 1 } };
    await writeFile(number.file, JSON.stringify(open));
    server.reload();
    expect(await said()).toMatchObject({ reloaded: true, accounts: [{ id: 'default' }] });
    expect(server.log()).toContain('are as they were until the next start');
    await number.sim.text({ from: ada, to: ours, text: 'In time' });
    expect((await number.sim.nextMessage({ to: ada })).body).toBe('In time');

    const noToken = { ...open, twilio: {} };
    for (const wrong of [
      '{',
      JSON.stringify({ ...open, publicURL: '' }),
      JSON.stringify(noToken),
    ]) {
      await writeFile(number.file, wrong);
      const before = server.log().length;
      server.reload();
      await expect
        .poll(() => server.log().slice(before), { timeout: 10_000 })
        .toContain('the configuration was not put to use');
    }
    await number.sim.text({ from: ada, to: ours, text: 'As before' });
    expect((await number.sim.nextMessage({ to: ada })).body).toBe('As before');
    expect(number.sim.messages).toHaveLength(2);
    expect(await server.stop()).toBe(0);
  });

  it('serves the accounts that were added, and no more those that were taken away', async () => {
    const number = await openNumber();
    const server = await number.serve();
    const said = linesOf(server.lines);
    const sales = { fromNumber: '+15550100200' };
    await writeFile(number.file, JSON.stringify({ ...number.settings, accounts: { sales } }));
    server.reload();
    expect(await said()).toMatchObject({ accounts: [{ id: 'default' }, { id: 'sales' }] });
    const path = `${server.start.listening}/telephony/webhook/sales`;
    expect((await fetch(path, { method: 'POST' })).status).toBe(401);
    await writeFile(number.file, JSON.stringify(number.settings));
    server.reload();
    expect(await said()).toMatchObject({ accounts: [{ id: 'default' }] });
    expect((await fetch(path, { method: 'POST' })).status).toBe(404);
    expect(await server.stop()).toBe(0);
  });

  it('says what waits in an account that was taken away, and measures it no more', async () => {
    const number = await openNumber('twilio', { accounts: { sales: { fromNumber: sales } } });
    const server = await number.serve();
    const said = linesOf(server.lines);
    const metrics = async () => (await fetch(`${server.start.listening}/metrics`)).text();
    expect(await metrics()).toContain('telephony_scheduled{account="sales"} 0');
    const later = await number.run('send', ada, 'Tea', '--at', '+1h', '--account', 'sales');
    expect(later.code).toBe(0);
    const { accounts: _, ...without } = { accounts: {}, ...number.settings };
    await writeFile(number.file, JSON.stringify(without));
    server.reload();
    expect(await said()).toMatchObject({ accounts: [{ id: 'default' }] });
    await expect
      .poll(() => server.log(), { timeout: 10_000 })
      .toContain('nobody serves the account \\"sales\\", and texts wait there');
    expect(await metrics()).toContain('telephony_scheduled{account="default"} 0');
    expect(await metrics()).not.toMatch(/telephony_(?:scheduled|queue).*sales/u);
    expect(await server.stop()).toBe(0);

    const again = await number.serve();
    await expect
      .poll(() => again.log(), { timeout: 10_000 })
      .toContain('nobody serves the account \\"sales\\", and texts wait there');
    await again.stop();
  });

  it('says what waits in an account that is switched off', async () => {
    const number = await openNumber('twilio', { accounts: { sales: { fromNumber: sales } } });
    await number.run('send', ada, 'Tea', '--at', '+1h', '--account', 'sales');
    const off = { accounts: { sales: { fromNumber: sales, enabled: false } } };
    await writeFile(number.file, JSON.stringify({ ...number.settings, ...off }));
    const server = await number.serve();
    await expect
      .poll(() => server.log(), { timeout: 10_000 })
      .toContain('nobody serves the account \\"sales\\", and texts wait there');
    await server.stop();
  });

  it('goes on telling the carrier of our address when the new one cannot be put to use', async () => {
    const number = await openNumber();
    const gate = await openGate(number.sim.url);
    const settings = {
      ...number.settings,
      twilio: { accountSid, authToken: 'simulated-auth-token', baseUrl: gate.url },
    };
    number.sim.setNumber(ours, { messageUrl: 'https://old.example.com/sms' });
    await writeFile(number.file, JSON.stringify(settings));
    const server = await number.serve(['--echo', '--setup-webhook']);
    const said = linesOf(server.lines);
    expect(await said()).toMatchObject({ changed: false });
    const broken = { ...settings, accounts: { default: { enabled: false } } };
    await writeFile(number.file, JSON.stringify(broken));
    server.reload();
    await expect.poll(() => server.log(), { timeout: 10_000 }).toContain('was not put to use');
    gate.open();
    expect(await said()).toMatchObject({ changed: true });
    expect(number.sim.numbers[0]?.messageUrl).toContain(publicUrl);
  });
});

describe(
  'a changed configuration that does not fit what only a new start changes',
  {
    timeout: 30_000,
  },
  () => {
    const unchecked = { skipSignatureVerification: true, publicUrl: undefined };

    it('does not take the signatures away behind an open tunnel', async () => {
      const tunnel = { provider: 'cloudflared' };
      const number = await openNumber('twilio', { publicUrl: undefined, tunnel });
      await fakeCloudflared(number.folder);
      const server = await number.serve(['--echo'], withPrograms(number.folder));
      // At the next start it would be right.
      const refused = await refusalOf(number, server, { ...unchecked, tunnel: undefined });
      expect(refused).toContain('a tunnel would let the whole world text');
    });

    it('does not take the signatures away where others reach the listener', async () => {
      const bound = { serve: { port: 0, bind: '0.0.0.0' } };
      const number = await openNumber('twilio', bound);
      const server = await number.serve();
      const refused = await refusalOf(number, server, { ...unchecked, serve: { port: 0 } });
      expect(refused).toContain('the server listens on 0.0.0.0 until its next start');
    });

    it('does not move the paths out of the folder that Tailscale leads here', async () => {
      const number = await openNumber('twilio', {
        publicUrl: undefined,
        tailscale: { mode: 'funnel' },
      });
      await fakeTailscale(number.folder);
      const server = await number.serve(['--echo'], withPrograms(number.folder));
      expect(server.start.webhook).toBe('https://laptop.tail1234.ts.net/telephony/webhook');
      const refused = await refusalOf(number, server, { serve: { port: 0, path: '/sms' } });
      expect(refused).toContain('the tunnel leads to /telephony alone until the next start');
      const deeper = { ...number.settings, serve: { port: 0, path: '/telephony/other/webhook' } };
      await writeFile(number.file, JSON.stringify(deeper));
      const said = linesOf(server.lines);
      server.reload();
      expect(await said()).toMatchObject({ reloaded: true });
      expect(await server.stop()).toBe(0);
    });

    it('leaves alone what Tailscale never led here, and a tunnel that is to change', async () => {
      const number = await openNumber('twilio', {
        publicUrl: undefined,
        tailscale: { mode: 'funnel', path: '/telephony/webhook' },
      });
      await fakeTailscale(number.folder);
      const server = await number.serve(['--echo'], withPrograms(number.folder));
      const said = linesOf(server.lines);
      const alone = 'Tailscale leads to /telephony/webhook alone, and not to serve.statusPath';
      await expect.poll(() => server.log(), { timeout: 10_000 }).toContain(alone);
      const changed = { ...number.settings, tailscale: {}, tunnel: { provider: 'cloudflared' } };
      await writeFile(number.file, JSON.stringify(changed));
      server.reload();
      expect(await said()).toMatchObject({ reloaded: true });
      expect(server.log()).toContain('as they were until the next start');
    });
  },
);

const sales = '+15550100200';
const accountSid = `AC${'0'.repeat(31)}1`;

const withPrograms = (folder: string) => ({ PATH: `${folder}:${process.env['PATH'] ?? ''}` });

/** Why a server does not put a change to use; unsigned texts must be refused before and after. */
async function refusalOf(number: TestNumber, server: ServeChild, change: object): Promise<string> {
  const post = async (): Promise<number> => {
    const url = new URL(
      '/telephony/webhook',
      server.start.listening.replace('0.0.0.0', '127.0.0.1'),
    );
    return (await fetch(url, { method: 'POST', body: 'From=%2B15550100123' })).status;
  };
  const before = server.log().length;
  expect(await post()).toBe(401);
  await writeFile(number.file, JSON.stringify({ ...number.settings, ...change }));
  server.reload();
  await expect
    .poll(() => server.log().slice(before), { timeout: 10_000 })
    .toContain('the configuration was not put to use');
  expect(await post()).toBe(401);
  return server.log().slice(before);
}

/** A way to the simulated carrier that is shut at first. */
async function openGate(origin: string) {
  let isOpen = false;
  const server = createServer((request, response) => {
    void (async () => {
      const body = await buffer(request);
      const { method = 'GET', url = '/' } = request;
      const { authorization = '', 'content-type': type = '' } = request.headers;
      const answer = isOpen
        ? await fetch(new URL(url, origin), {
            method,
            headers: { authorization, 'content-type': type },
            ...(method === 'GET' ? {} : { body }),
          })
        : new Response('{}', { status: 503 });
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(await answer.text());
    })();
  });
  const listener = server.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}`, open: () => (isOpen = true) };
}
