import { EventEmitter, once } from 'node:events';
import type { MessagingCapabilities } from '@openclaw/telephony-core';
import { createMemoryStore } from '@openclaw/telephony-store';
import { afterEach, describe, expect, it } from 'vitest';
import type { AccessControl, AccessDecision } from './access.ts';
import {
  ada,
  echo,
  everybody,
  type RunningServer,
  startServer,
} from '../running-server.testing.ts';

const open: RunningServer[] = [];
const start: typeof startServer = async (options) => {
  const running = await startServer(options);
  open.push(running);
  return running;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((running) => running.close()));
});
const access = (decision: AccessDecision): AccessControl => ({
  decide: () => Promise.resolve(decision),
  admits: () => Promise.resolve(decision.access === 'allow'),
});
const application: Partial<MessagingCapabilities> = { optOut: 'application' };
const carrier: Partial<MessagingCapabilities> = { optOut: 'carrier' };

const at = (second: number) => ({ occurredAt: `2026-11-20T12:00:0${second}Z` });

const unreadable = (): Promise<AccessDecision> =>
  Promise.reject(new Error('the list cannot be read'));

describe('a stranger', () => {
  it('gets one pairing text of one segment, however often they text, and is not heard', async () => {
    const running = await start({ access: access({ access: 'pair', code: 'ABCD2345' }) });
    await running.text('hello');
    await running.text('hello?');
    await running.text('anybody?');
    const sent = await running.sent();
    expect(sent).toHaveLength(1);
    expect(sent[0]).toContain('ABCD2345');
    expect(sent[0]?.length).toBeLessThanOrEqual(160);
    // The code is a key to the door: neither it nor the number belongs into a log.
    expect(running.lines.join('\n')).not.toMatch(/ABCD2345|15550100123/u);
  });
  it('gets another text with another code', async () => {
    let code = 'ABCD2345';
    const decide = () => Promise.resolve({ access: 'pair' as const, code });
    const running = await start({ access: { ...everybody, decide } });
    await running.text('hello');
    await running.sent();
    code = 'WXYZ6789';
    await running.text('hello');
    expect(await running.sent()).toHaveLength(2);
  });
  it('gets nothing at all when they are to be ignored', async () => {
    const running = await start({ access: access({ access: 'ignore', because: 'not listed' }) });
    expect((await running.text('hello')).status).toBe(200);
    expect(await running.sent()).toEqual([]);
  });
  it('waits when the access list is out of reach, and is answered when it is back', async () => {
    let reachable = false;
    const running = await start({
      store: createMemoryStore({ random: () => 0 }),
      access: {
        ...everybody,
        decide: () =>
          Promise.resolve(
            reachable
              ? { access: 'allow' as const }
              : { access: 'ignore' as const, because: 'store-unavailable' },
          ),
      },
    });
    await running.text('hello');
    expect(await running.sent()).toEqual([]);
    reachable = true;
    await expect.poll(() => running.provider.sent.length, { timeout: 5000 }).toBe(1);
  });
  it('is not let in by an access decision that fails', async () => {
    const running = await start({ access: { ...everybody, decide: unreadable } });
    expect((await running.text('hello')).status).toBe(200);
    expect(await running.sent()).toEqual([]);
  });
});

describe('a conversation', () => {
  it('is answered in the order in which it came', async () => {
    const running = await start();
    for (const word of ['one', 'two', 'three']) await running.text(word);
    expect(await running.sent()).toEqual(['echo one', 'echo two', 'echo three']);
  });
  it('carries pictures in and out, with and without text', async () => {
    const url = new URL('https://media.example.com/cat.jpg');
    const running = await start({
      onMessage: async ({ media, text }, reply) => {
        await reply({ text: `${media.length} ${text}`, media: media.map((one) => one.url) });
      },
    });
    await running.text('', { media: [{ url, contentType: 'image/jpeg' }] });
    await running.sent();
    expect(running.provider.sent[0]?.message).toMatchObject({ text: '1 ', media: [url] });
  });
  it('gets each answer once when the application fails after it', async () => {
    let runs = 0;
    const running = await start({
      store: createMemoryStore({ random: () => 0 }),
      onMessage: async (_message, reply) => {
        runs += 1;
        await reply(`answer of run ${runs}`);
        if (runs === 1) throw new Error('crash');
      },
    });
    await running.text('hello');
    await expect.poll(() => runs, { timeout: 5000 }).toBe(2);
    expect(await running.sent()).toEqual(['answer of run 1']);
  });
  it('is refused on a number that is not ours', async () => {
    const running = await start();
    await running.text('hello', { to: '+15550100199' });
    expect(await running.sent()).toEqual([]);
  });
  it('cannot be had with a name', async () => {
    const running = await start();
    await running.text('your code is 123456', { from: 'MyBank' });
    expect(await running.sent()).toEqual([]);
  });
});

describe('consent', () => {
  it('ends with STOP and begins with START, each confirmed once, and the application hears neither', async () => {
    const heard: string[] = [];
    const running = await start({
      capabilities: application,
      onMessage: async (message, reply) => {
        heard.push(message.text);
        await echo(message, reply);
      },
    });
    for (const word of ['hi', 'stop', 'STOP', 'hello?', 'start', 'back']) await running.text(word);
    expect(await running.sent()).toEqual([
      'echo hi',
      expect.stringContaining('unsubscribed'),
      expect.stringContaining('again'),
      'echo back',
    ]);
    expect(heard).toEqual(['hi', 'back']);
  });
  it('ends at once with STOP, while the application is still thinking', async () => {
    const thoughts = new EventEmitter();
    const thinking = once(thoughts, 'finished');
    const running = await start({
      onMessage: async (message, reply) => {
        await thinking;
        await echo(message, reply);
      },
    });
    await running.text('a hard question');
    await running.text('STOP');
    await expect
      .poll(() => running.lines.some((line) => line.includes('consent keyword')))
      .toBe(true);
    thoughts.emit('finished');
    expect(await running.sent()).toEqual([]);
  });
  it('is left to the carrier where the carrier answers', async () => {
    const running = await start({ capabilities: carrier });
    for (const word of ['STOP', 'HELP']) await running.text(word);
    expect(await running.sent()).toEqual([]);
    await expect(running.server.send({ to: ada, text: 'hello' })).rejects.toMatchObject({
      code: 'recipient_opted_out',
      outcome: 'not-performed',
    });
  });
  it("follows the carrier's own hint, whatever the words, in silence", async () => {
    const running = await start({ capabilities: application });
    await running.text('no more please', { optOut: 'stop' });
    await running.text('hello?');
    expect(await running.sent()).toEqual([]);
  });
  it('is what was said last, however the application dawdles', async () => {
    const thoughts = new EventEmitter();
    const thinking = once(thoughts, 'finished');
    const running = await start({ maxConcurrentSessions: 1, onMessage: () => thinking });
    for (const word of ['a hard question', 'STOP', 'START', 'STOP']) await running.text(word);
    await expect
      .poll(() => running.lines.filter((line) => line.includes('consent keyword')).length)
      .toBe(3);
    thoughts.emit('finished');
    await running.sent();
    await expect(running.server.send({ to: ada, text: 'hello' })).rejects.toMatchObject({
      code: 'recipient_opted_out',
    });
  });
  it('is lifted by "yes" too, which nobody else hears', async () => {
    const running = await start({ capabilities: application });
    for (const word of ['STOP', 'yes', 'yes']) {
      await running.text(word);
      await running.sent();
    }
    expect((await running.sent()).slice(1)).toEqual([expect.stringContaining('again'), 'echo yes']);
  });
  it('hears an answer that the carrier takes for a START, and lets it lift a STOP in silence', async () => {
    const running = await start({ capabilities: application });
    await running.text('Go', { optOut: 'start' });
    expect(await running.sent()).toEqual(['echo Go']);
    await running.text('STOP', { optOut: 'stop' });
    await running.sent();
    await running.text('Go', { optOut: 'start' });
    await running.sent();
    await running.text('Go', { optOut: 'start' });
    expect(await running.sent()).toEqual(['echo Go', 'echo Go']);
  });
  it("neither hears nor answers a START in the carrier's own words", async () => {
    const running = await start({ capabilities: application });
    await running.text('no more please', { optOut: 'stop' });
    for (const word of ['JOIN', 'START', 'UNSTOP']) await running.text(word, { optOut: 'start' });
    expect(await running.sent()).toEqual([]);
    await running.text('hello');
    expect(await running.sent()).toEqual(['echo hello']);
  });
  it('stays ended when a START comes late that was said before the STOP', async () => {
    const running = await start({ capabilities: application });
    for (const [word, second] of [
      ['STOP', 2],
      ['START', 1],
      ['yes', 1],
    ] as const) {
      await running.text(word, at(second));
      await running.sent();
    }
    expect(await running.sent()).toEqual([expect.stringContaining('unsubscribed')]);
    await expect(running.server.send({ to: ada, text: 'hello' })).rejects.toMatchObject({
      code: 'recipient_opted_out',
    });
    await running.text('START', at(3));
    expect((await running.sent()).at(-1)).toContain('again');
  });
  it('leaves a picture with the word "stop" to the application', async () => {
    const running = await start({ capabilities: application });
    await running.text('stop', { media: [{ url: new URL('https://media.example.com/sign.jpg') }] });
    expect(await running.sent()).toEqual(['echo stop']);
  });
  it('keeps HELP silent for somebody who stopped, and answers it once a day for others', async () => {
    const running = await start({ capabilities: application, texts: { help: 'Ask Ada.' } });
    for (const word of ['help', 'HELP', 'STOP', 'help']) await running.text(word);
    expect(await running.sent()).toEqual(['Ask Ada.', expect.stringContaining('unsubscribed')]);
  });
  it('lets "yes" through as an answer from somebody who never stopped', async () => {
    const running = await start({ capabilities: application });
    await running.text('yes');
    expect(await running.sent()).toEqual(['echo yes']);
  });
  it('answers HELP where nobody else does', async () => {
    const running = await start({ capabilities: application, texts: { help: 'Ask Ada.' } });
    await running.text('help');
    expect(await running.sent()).toEqual(['Ask Ada.']);
  });
});
