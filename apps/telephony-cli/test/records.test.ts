import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { ada, type JsonLine, jsonLines, openNumber, ours } from './number.testing.ts';
import { startTelephony, telephonyHere } from './telephony.testing.ts';

describe('telephony messages', { timeout: 30_000 }, () => {
  it('lists, shows and follows texts while the server runs', async () => {
    const { sim, run, args, serve } = await openNumber();
    const server = await serve();
    const tail = startTelephony(['messages', 'tail', '-n', '0', '--json', ...args]);
    const tailed = createInterface({ input: tail.stdout });
    const seen: JsonLine[] = [];
    const both = new Promise<void>((resolve) => {
      tailed.on('line', (line) => {
        seen.push(JSON.parse(line));
        if (seen.length === 2) resolve();
      });
    });

    // It is followed from the first look on, so it is texted until it is seen.
    await sim.text({ from: ada, to: ours, text: 'Hello \u001B[31mred' });
    await sim.nextMessage({ to: ada });
    await sim.settled();
    const listed = await run('messages', 'list', '--json');
    const messages = jsonLines(listed.stdout);
    expect(messages.map(({ direction, from, to }) => [direction, from, to])).toEqual([
      ['outbound', ours, ada],
      ['inbound', ada, ours],
    ]);
    const onlyIn = await run('messages', 'list', '--direction', 'inbound', '--with', ada);
    expect(onlyIn.stdout).toContain('Hello \\u001b[31mred');
    expect(onlyIn.stdout).not.toContain('\u001B[31m');
    const page = await run('messages', 'list', '--json', '--after', messages[0]?.id ?? '');
    expect(jsonLines(page.stdout).map(({ id }) => id)).toEqual([messages[1]?.id]);

    const carriersId = sim.messages[0]?.id ?? '';
    const shown = await run('messages', 'show', carriersId);
    expect(shown.stdout).toContain(`message 1: accepted as ${carriersId}`);
    expect(shown.stdout).toContain('delivered');
    expect((await run('messages', 'show', 'nonsense')).code).toBe(1);

    while (seen.length < 2) {
      await sim.text({ from: ada, to: ours, text: 'Again' });
      await Promise.race([both, sim.nextMessage({ to: ada })]);
    }
    expect(seen.map(({ direction }) => direction)).toContain('inbound');
    tail.kill('SIGTERM');
    expect(await once(tail, 'exit')).toEqual([0, null]);
    expect(await server.stop()).toBe(0);
  });

  it('says where it has looked for a database, and makes none', async () => {
    const { run, folder } = await openNumber();
    const { code, stderr } = await run('messages', 'list');
    expect(stderr).toContain(`there is no database at ${join(folder, 'telephony.db')}`);
    expect(code).toBe(2);
  });

  it('ends when nobody reads on, and that is no failure', async () => {
    const { sim, args, serve } = await openNumber();
    await serve();
    await sim.text({ from: ada, to: ours, text: 'Hello' });
    await sim.nextMessage({ to: ada });
    const tail = startTelephony(['messages', 'tail', '--json', ...args]);
    const ended = once(tail, 'exit');
    await once(tail.stdout, 'data');
    tail.stdout.destroy();
    while (tail.exitCode === null) {
      await sim.text({ from: ada, to: ours, text: 'Again' });
      await Promise.race([ended, sim.nextMessage({ to: ada })]);
    }
    expect(await ended).toEqual([0, null]);
  });

  it('needs no configuration to look, and no credentials', async () => {
    const { run, folder } = await openNumber();
    await run('pair', 'list');
    const { code, stdout } = await telephonyHere(['messages', 'list', '--data', folder]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'No texts.\n' });
  });
});

describe('telephony dead', { timeout: 30_000 }, () => {
  it('lists what was given up, and puts it back for the running server to handle', async () => {
    const { sim, run, folder, serve } = await openNumber();
    const handler = join(folder, 'handler.mjs');
    const broken = join(folder, 'broken');
    await writeFile(broken, '');
    await writeFile(
      handler,
      `import { existsSync } from 'node:fs';
       import { Dead } from ${JSON.stringify(import.meta.resolve('@openclaw/telephony-store'))};
       export default async (message, reply) => {
         if (existsSync(${JSON.stringify(broken)})) throw new Dead('the oven is off');
         await reply('Ready: ' + message.text);
       };`,
    );
    const server = await serve(['--handler', handler]);
    await sim.text({ from: ada, to: ours, text: 'One pizza' });
    let listed = await run('dead', 'list', '--json');
    while (listed.stdout === '') listed = await run('dead', 'list', '--json');
    const [dead] = jsonLines(listed.stdout);
    expect(dead).toMatchObject({
      queue: 'texts',
      reason: 'the oven is off',
      from: ada,
      text: 'One pizza',
    });
    const status = await run('status', '--json');
    expect(JSON.parse(status.stdout)).toMatchObject({
      account: 'default',
      running: { listening: server.start.listening },
      queues: { texts: { dead: 1 } },
      limits: { maxPerHour: 200 },
    });
    expect((await run('status')).stdout).toMatch(/account "default": running at http/u);

    await rm(broken);
    const wrong = await run('dead', 'retry', 'nobody');
    expect(wrong).toMatchObject({ code: 1 });
    expect(wrong.stderr).toContain('1 id not among the dead: nobody');
    const retried = await run('dead', 'retry', dead?.id ?? '', '--json');
    expect(JSON.parse(retried.stdout)).toEqual({ id: dead?.id, retried: true });
    expect((await sim.nextMessage({ to: ada })).body).toBe('Ready: One pizza');
    expect((await run('dead', 'list')).stdout).toBe('Nothing was given up.\n');
    await server.stop();
    expect((await run('status')).stdout).toContain('no `telephony serve` answers on this data');
  });
});

describe('telephony unknown', { timeout: 30_000 }, () => {
  it('lists a send whose answer was lost, and sends it again when a person says so', async () => {
    const { sim, run } = await openNumber();
    sim.faults.add({ on: 'send', kind: 'drop-after-accept' });
    expect((await run('send', ada, 'Hello')).code).toBe(3);
    const listed = await run('unknown', 'list', '--json');
    const [unknown] = jsonLines(listed.stdout);
    expect(unknown).toMatchObject({ to: ada, text: 'Hello', index: 0 });
    expect((await run('status')).stdout).toContain('1 message may or may not have been sent');
    expect((await run('doctor')).stdout).toContain(
      '✗ sends of unknown fate: 1; see: telephony unknown list',
    );

    const again = await run('unknown', 'resolve', unknown?.sendId ?? '', '--as', 'send-again');
    expect(again).toMatchObject({ code: 0 });
    expect(sim.messages).toHaveLength(2);
    expect((await run('unknown', 'list')).stdout).toBe('The fate of every message is known.\n');
    const twice = await run('unknown', 'resolve', unknown?.sendId ?? '', '--as', 'sent');
    expect(twice).toMatchObject({ code: 1 });
  });
});
