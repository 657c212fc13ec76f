import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CallRecord, newCall } from './call.ts';
import { type CallLine, createCallLine, ringFarEnd } from './call-line.ts';
import { type CallStep, takeSteps } from './call-steps.ts';
import { createCarrierContext } from './context.ts';
import type { FarEnd } from './far-end.ts';

const timing = {
  receiptDelayMs: 0,
  connectTimeoutMs: 1,
  readTimeoutMs: 1,
  closeGraceMs: 0,
  retryAcceleration: 1,
  callAcceleration: 1_000_000_000,
};

function startCall(
  farEnd: FarEnd = {},
  timeLimitSeconds = 60,
): {
  readonly call: CallRecord;
  readonly line: CallLine<string>;
  readonly close: () => Promise<void>;
} {
  const context = createCarrierContext({ numbers: [] }, { timing, maxReplyBytes: 1 });
  const facts = { id: 'c', direction: 'outbound', from: '+1', to: '+2', timeLimitSeconds } as const;
  const call: CallRecord = newCall(Date.now, facts, 'queued');
  const line = createCallLine<string>(context, call, { farEnd, statusOf: ({ state }) => state });
  context.calls.add(call, line);
  return { call, line, close: () => context.inFlight.stop(0) };
}

const step: fc.Arbitrary<CallStep> = fc.oneof(
  fc.record({ do: fc.constant('say' as const), text: fc.string({ maxLength: 200 }) }),
  fc.record({ do: fc.constant('pause' as const), seconds: fc.integer({ min: 0, max: 40 }) }),
  fc.record({ do: fc.constant('tones' as const), digits: fc.string({ maxLength: 9 }) }),
  fc.record({ do: fc.constant('play' as const), url: fc.webUrl() }),
);

describe('the time of a call', () => {
  it('never goes beyond its limit, nor beyond the patience of the far end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 6 }),
        fc.integer({ min: 1, max: 60 }),
        fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined }),
        async (steps, limit, patience) => {
          const farEnd = patience === undefined ? {} : { hangsUpAfterSeconds: patience };
          const { call, line } = startCall(farEnd, limit);
          line.answer();
          await takeSteps(line, steps);
          expect(call.durationSeconds).toBeLessThanOrEqual(Math.min(limit, patience ?? limit));
          // What was cut is the last thing that was heard, and only when the call has ended.
          const cuts = call.heard.map(({ cut }) => cut);
          expect(cuts.slice(0, -1)).not.toContain(true);
          expect(cuts.at(-1) ?? false).toBe(call.end !== undefined);
          expect(call.heard.length).toBe(call.end === undefined ? steps.length : cuts.length);
        },
      ),
    );
  });

  it('stands still until the call is answered', async () => {
    const { call, line } = startCall({ ringSeconds: 20 });
    line.ring();
    expect(await ringFarEnd(line, { ringSeconds: 20 }, 60)).toBe(true);
    expect(call).toMatchObject({ state: 'answered', durationSeconds: 0 });
  });

  it('counts the first end only', () => {
    const { call, line } = startCall();
    line.end({ reason: 'canceled', by: 'api' });
    line.end({ reason: 'completed', by: 'far-end' });
    line.answer();
    expect(call).toMatchObject({ state: 'ended', end: { reason: 'canceled', by: 'api' } });
    expect(call.answeredAt).toBeUndefined();
  });

  it('is cut short by another way to go, and goes on there', async () => {
    const { call, line } = startCall();
    line.answer();
    line.divert('elsewhere');
    expect(await line.pass(1)).toBe(false);
    expect(line.takeDiversion()).toBe('elsewhere');
    expect(await line.pass(1)).toBe(true);
    expect(call.durationSeconds).toBe(1);
  });

  it('ends nothing any more once the simulator is closed', async () => {
    const { call, line, close } = startCall();
    line.answer();
    await close();
    expect(await line.pass(1)).toBe(false);
    line.end({ reason: 'completed', by: 'api' });
    expect(call.end).toBeUndefined();
  });

  it('rings no longer than it may', async () => {
    const { call, line } = startCall();
    expect(await ringFarEnd(line, { ringSeconds: 31 }, 30)).toBe(false);
    expect(call.end).toEqual({ reason: 'no-answer', by: 'ring-timeout' });
  });
});
