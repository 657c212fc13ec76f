import { type InboundMessage, parseE164 } from '@openclaw/telephony-core';
import type { MessageContext } from '@openclaw/telephony-server';
import { Retry } from '@openclaw/telephony-store';
import type { PluginRuntime } from 'openclaw/plugin-sdk/channel-core';
import { resolveStableChannelMessageIngress } from 'openclaw/plugin-sdk/channel-ingress-runtime';
import { describe, expect, it } from 'vitest';
import { readAccount } from './account.ts';
import { createTurns } from './turn.ts';
import type { TurnLifecycle } from './turn-adoption.ts';

type Host = PluginRuntime['channel'];

const ada = parseE164('+15550100123');
const ours = parseE164('+15550100100');
const cfg = {
  channels: { telephony: { enabled: true, provider: 'mock', inboundPolicy: 'pairing' } },
};

const nothing = (): void => undefined;

/** What is asked of the host here is little of what it has. */
function assertHost(host: unknown): asserts host is Host {
  expect(host).toBeTypeOf('object');
}

/** A host whose turn kernel does with a text what it is told here. */
function turnsWith(options: {
  readonly approved?: () => Promise<string[]>;
  readonly run?: (lifecycle: TurnLifecycle) => void | Promise<void>;
  readonly status?: () => string | undefined;
}) {
  const { approved = () => Promise.resolve([ada]), run, status } = options;
  const ran: string[] = [];
  const host: unknown = {
    routing: { resolveAgentRoute: () => ({ agentId: 'main', sessionKey: 'session' }) },
    commands: {
      shouldComputeCommandAuthorized: () => false,
      isControlCommandMessage: (text: string) => text.startsWith('/'),
    },
    pairing: { readAllowFromStore: approved },
    inbound: {
      ingress: { resolveStable: resolveStableChannelMessageIngress },
      async run(event: { raw: InboundMessage; turnAdoptionLifecycle: TurnLifecycle }) {
        ran.push(event.raw.text);
        await run?.(event.turnAdoptionLifecycle);
      },
    },
  };
  assertHost(host);
  const sessions = { resolveStorePath: () => '', getSessionEntry: () => ({ status: status?.() }) };
  const turns = createTurns({
    host,
    sessions,
    config: () => cfg,
    account: readAccount(cfg),
    logger: { debug: nothing, info: nothing, warn: nothing, error: nothing },
    wrote: () => Promise.resolve(),
    now: () => new Date(0),
  });
  const controller = new AbortController();
  const handle = async (text = 'hello'): Promise<void> => {
    const message: InboundMessage = {
      id: 'SM1',
      from: ada,
      to: ours,
      text,
      media: [],
    };
    const context: MessageContext = {
      signal: controller.signal,
      correlationId: 'c',
      attempt: 1,
      receivedAt: new Date(0),
      media: () => Promise.resolve([]),
    };
    await turns(message, () => Promise.reject(new Error('nothing is answered here')), context);
  };
  return { ran, controller, handle };
}

/** A text that the host puts behind another. */
function deferred() {
  let handled: Promise<void> = Promise.resolve();
  const began = new Promise<TurnLifecycle>((begin) => {
    const { handle } = turnsWith({
      run(lifecycle) {
        lifecycle.onDeferred?.();
        begin(lifecycle);
      },
    });
    handled = handle();
  });
  return { began, handled };
}

/** Whether something is settled once everything that is under way has gone on. */
async function isPending(promise: Promise<unknown>): Promise<boolean> {
  const later = new Promise<'pending'>((resolve) => setImmediate(() => resolve('pending')));
  return (await Promise.race([promise.then(() => 'settled'), later])) === 'pending';
}

describe('a text that comes while the agent thinks', () => {
  it('stays in the inbox until the host has begun its turn', async () => {
    const { began, handled } = deferred();
    const lifecycle = await began;
    expect(await isPending(handled)).toBe(true);
    await lifecycle.onAdopted();
    await handled;
  });

  it('is handled again when the host gives it up', async () => {
    const { began, handled } = deferred();
    (await began).onAbandoned?.();
    await expect(handled).rejects.toThrow('gave the turn up');
  });
});

describe('a text of somebody who was let in', () => {
  it('is handled again when the list of approved people cannot be read any more', async () => {
    let isBroken = true;
    const { handle, ran } = turnsWith({
      approved: () => (isBroken ? Promise.reject(new Error('disk')) : Promise.resolve([ada])),
    });
    await expect(handle()).rejects.toBeInstanceOf(Retry);
    expect(ran).toEqual([]);
    isBroken = false;
    await handle();
    expect(ran).toEqual(['hello']);
  });

  it('reaches nobody when they were put out meanwhile', async () => {
    const { handle, ran } = turnsWith({ approved: () => Promise.resolve([]) });
    await handle();
    expect(ran).toEqual([]);
  });
});

describe('a text that comes after the gateway was killed while the agent thought', () => {
  it('does not reach the host while that takes up its turn again', async () => {
    const { handle, ran, controller } = turnsWith({ status: () => 'running' });
    const handled = handle();
    expect(await isPending(handled)).toBe(true);
    expect(ran).toEqual([]);
    controller.abort(new Error('closed'));
    await expect(handled).rejects.toThrow();
  });

  it('reaches it at once when it is a command', async () => {
    const { handle, ran } = turnsWith({ status: () => 'running' });
    await handle('/stop');
    expect(ran).toEqual(['/stop']);
  });
});
