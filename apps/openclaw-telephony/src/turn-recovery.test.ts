import { describe, expect, it } from 'vitest';
import { createRecovery, type HostSessions } from './turn-recovery.ts';

const session = { agentId: 'main', sessionKey: 'agent:main:telephony:direct:+15550100123' };
const { signal } = new AbortController();

/** A host whose session stands at one status after the other, and at the last one for ever. */
function host(statuses: readonly (string | undefined | Error)[], upMs: () => number = () => 0) {
  const left = [...statuses];
  const told: string[] = [];
  let pausedMs = 0;
  const sessions: HostSessions = {
    resolveStorePath: () => '/sessions.json',
    getSessionEntry: () => {
      const status = left.length > 1 ? left.shift() : left[0];
      if (status instanceof Error) throw status;
      return status === undefined ? undefined : { status };
    },
  };
  const recovery = createRecovery({
    sessions,
    config: () => ({}),
    logger: {
      info: (_, message) => void told.push(message),
      warn: (_, message) => void told.push(message),
    },
    upMs: () => upMs() + pausedMs,
    pause(ms, given) {
      given.throwIfAborted();
      pausedMs += ms;
      return Promise.resolve();
    },
  });
  return { recovery, told, pausedMs: () => pausedMs };
}

describe('the first text of a conversation after a restart', () => {
  it('waits for nothing when the host has begun nothing', async () => {
    for (const status of [undefined, 'done', 'failed']) {
      const { recovery, pausedMs, told } = host([status]);
      await recovery.over(session, signal);
      expect([pausedMs(), told]).toEqual([0, []]);
    }
  });

  it('waits until the host has ended what it had begun, and for its answer to leave', async () => {
    const { recovery, pausedMs, told } = host(['running', 'running', 'running', 'done']);
    await recovery.over(session, signal);
    expect(pausedMs()).toBe(1000 + 1500);
    expect(told).toEqual([expect.stringContaining('a text waits')]);
  });

  it('waits on when the host tries once more', async () => {
    const { recovery, pausedMs } = host(['running', 'done', 'running', 'done']);
    await recovery.over(session, signal);
    expect(pausedMs()).toBe(1000 + 1500);
  });

  it('does not wait for ever for what the host has forgotten', async () => {
    const { recovery, pausedMs } = host(['running']);
    await recovery.over(session, signal);
    expect(pausedMs()).toBeGreaterThan(60_000);
    expect(pausedMs()).toBeLessThanOrEqual(301_000);
  });

  it('is given up when its handling is', async () => {
    const { recovery } = host(['running']);
    await expect(recovery.over(session, AbortSignal.abort(new Error('closed')))).rejects.toThrow(
      'closed',
    );
  });

  it('goes on when the host does not say what its session does', async () => {
    const { recovery, told } = host([new Error('locked')]);
    await recovery.over(session, signal);
    expect(told).toEqual([expect.stringContaining('does not say')]);
  });
});

describe('a later text', () => {
  it('reaches the turn that runs', async () => {
    const { recovery, pausedMs } = host(['done', 'running']);
    await recovery.over(session, signal);
    await recovery.over(session, signal);
    expect(pausedMs()).toBe(0);
  });

  it('reaches it as well long after the restart', async () => {
    const { recovery, pausedMs } = host(['running'], () => 3_600_000);
    await recovery.over(session, signal);
    expect(pausedMs()).toBe(0);
  });
});
