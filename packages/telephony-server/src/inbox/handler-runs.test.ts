import { once } from 'node:events';
import { parseE164 } from '@openclaw/telephony-core';
import { Retry } from '@openclaw/telephony-store';
import { describe, expect, it } from 'vitest';
import { createHandlerRuns, HandlerTimeout } from './handler-runs.ts';
import type { Reply, RunHandler } from './message-handler.ts';

const message = {
  id: 'x',
  from: parseE164('+15550100123'),
  to: parseE164('+15550100100'),
  text: 'hi',
  media: [],
};
const about = { correlationId: 'c', attempt: 2, receivedAt: new Date(0) };
const reply: Reply = () =>
  Promise.resolve({ id: 'r', messageCount: 1, segmentCount: 1, duplicate: false });
const now = (): Date => new Date(0);
const never = (): Promise<never> => new Promise(() => undefined);
const start = (onMessage: RunHandler, timeoutMs = Infinity) => {
  const runs = createHandlerRuns({ onMessage, timeoutMs, now });
  return { runs, run: runs.run(message, reply, about) };
};

describe('a run of the application', () => {
  it('is told what it is, and ends as the handler ends', async () => {
    const { run } = start((_, __, { signal, ...facts }) => {
      expect(facts).toEqual(about);
      expect(signal.aborted).toBe(false);
    });
    await run;
    await expect(start(() => Promise.reject(new Error('a'))).run).rejects.toThrow('a');
    await expect(
      start(() => {
        throw new Error('b');
      }).run,
    ).rejects.toThrow('b');
  });
  it('is given up when it takes too long, and its signal says so', async () => {
    const signals: AbortSignal[] = [];
    const { run } = start((_, __, { signal }) => {
      signals.push(signal);
      return never();
    }, 1);
    await expect(run).rejects.toBeInstanceOf(HandlerTimeout);
    expect(signals[0]?.reason).toBeInstanceOf(HandlerTimeout);
  });
  it('is given up when the server closes, and its text comes again', async () => {
    const { runs, run } = start(never);
    runs.giveUp();
    await expect(run).rejects.toBeInstanceOf(Retry);
    await expect(runs.run(message, reply, about)).rejects.toBeInstanceOf(Retry);
  });
  it('cannot answer any more once it was given up', async () => {
    const answers: Reply[] = [];
    const { runs, run } = start((_, answer) => {
      answers.push(answer);
      return never();
    });
    runs.giveUp();
    await run.catch(() => undefined);
    await expect(answers[0]?.('too late')).rejects.toMatchObject({
      code: 'aborted',
      outcome: 'not-performed',
    });
  });
  it('that fails after it was given up troubles nobody', async () => {
    const bell = new EventTarget();
    const late = once(bell, 'late').then(() => {
      throw new Error('late');
    });
    const { runs, run } = start(() => late);
    runs.giveUp();
    await expect(run).rejects.toBeInstanceOf(Retry);
    bell.dispatchEvent(new Event('late'));
    await expect(late).rejects.toThrow('late');
  });
});
