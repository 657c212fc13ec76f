import { describe, expect, it } from 'vitest';
import { createBoundedLog } from './bounded-log.ts';
import { createInFlight } from './in-flight.ts';
import { randomHex, randomUuid } from './random-id.ts';

describe('work in flight', () => {
  it('is settled only when work that work has started has ended too', async () => {
    const inFlight = createInFlight();
    const done: string[] = [];
    inFlight.background(
      inFlight.pause(0).then(() => {
        inFlight.background(inFlight.pause(0).then(() => done.push('second')));
        return done.push('first');
      }),
    );
    await inFlight.settled();
    expect(done).toEqual(['first', 'second']);
  });

  it('that fails in the background is told once', async () => {
    const inFlight = createInFlight();
    inFlight.background(Promise.reject(new Error('broken')));
    await expect(inFlight.settled()).rejects.toMatchObject({ errors: [{ message: 'broken' }] });
    await inFlight.settled();
  });

  it('that somebody waits for fails for them alone', async () => {
    const inFlight = createInFlight();
    await expect(inFlight.track(Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    await inFlight.settled();
  });

  it('ends at once when stopped: pauses are cut short, and the rest is told to', async () => {
    const inFlight = createInFlight();
    const pause = inFlight.pause(60_000);
    const work = new Promise((resolve) => {
      inFlight.signal.addEventListener('abort', () => resolve('aborted'));
    });
    const tracked = inFlight.track(work);
    await inFlight.stop(0);
    expect(await pause).toBe(false);
    expect(await tracked).toBe('aborted');
    expect(await inFlight.pause(0)).toBe(false);
  });
});

describe('a bounded log', () => {
  it('keeps the first entries and counts the others', () => {
    const log = createBoundedLog<number>(2);
    for (const entry of [1, 2, 3]) log.add(entry);
    expect([log.entries, log.droppedCount]).toEqual([[1, 2], 1]);
    log.clear();
    expect([log.entries, log.droppedCount]).toEqual([[], 0]);
  });
});

describe('an identifier', () => {
  it('is made of the random numbers alone', () => {
    expect(randomHex(4, () => 0)).toBe('0000');
    expect(randomHex(4, () => 0.999)).toBe('ffff');
    expect(randomUuid(() => 0)).toBe('00000000-0000-4000-8000-000000000000');
    expect(randomUuid(() => 0.999)).toBe('ffffffff-ffff-4fff-bfff-ffffffffffff');
  });
});
