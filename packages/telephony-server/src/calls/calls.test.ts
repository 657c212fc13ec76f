import {
  type CallEvent,
  type CallInstruction,
  type OutboundCall,
  TelephonyError,
  type TelephonyProvider,
  type VoiceProvider,
} from '@openclaw/telephony-core';
import { createMemoryStore, type TelephonyStore } from '@openclaw/telephony-store';
import { describe, expect, it } from 'vitest';
import type { AccessControl } from '../inbox/access.ts';
import type { CallRequest, VoiceOptions } from './calls.ts';
import {
  ada,
  everybody,
  ours,
  type RunningServer,
  startServer,
} from '../running-server.testing.ts';
import type { TelephonyServerOptions } from '../server-types.ts';

const publicUrl = 'https://sms.example.com';
const nobody: AccessControl = {
  decide: () => Promise.resolve({ access: 'ignore', because: 'unknown' }),
  admits: () => Promise.resolve(false),
};

const admitsAda = (sender: string): Promise<boolean> => Promise.resolve(sender === ada);

/** A carrier that dials in memory, and answers a webhook with the instructions as JSON. */
function fakeVoice(fail?: () => TelephonyError, during?: () => unknown) {
  const dialled: OutboundCall[] = [];
  const voice: VoiceProvider = {
    capabilities: {
      midCallUpdate: false,
      gather: [],
      mediaStream: false,
      answeringMachineDetection: false,
      callLookup: false,
    },
    async placeCall(call) {
      dialled.push(call);
      await during?.();
      if (fail) throw fail();
      return { call: { providerId: 'mock', callId: `call-${dialled.length}` }, warnings: [] };
    },
    async respond(_event, instructions) {
      return { status: 200, contentType: 'application/json', body: JSON.stringify(instructions) };
    },
    hangUp: () => Promise.resolve(),
  };
  return { voice, dialled };
}

type Happening = { readonly type: CallEvent['type'] } & { readonly [field: string]: unknown };

/** A server whose carrier has calls: a webhook that names an event of a call becomes that event. */
async function start(
  {
    voice: settings = {},
    ...over
  }: Omit<Partial<TelephonyServerOptions>, 'voice'> & {
    readonly voice?: VoiceOptions | 'off';
  } = {},
  { voice }: { readonly voice?: VoiceProvider } = fakeVoice(),
): Promise<RunningServer & { happens(event: Happening, path?: string): Promise<unknown> }> {
  let next: CallEvent | undefined;
  const running = await startServer({
    publicUrl,
    ...(settings === 'off' ? {} : { voice: settings }),
    ...over,
    change: (provider): TelephonyProvider => ({
      ...provider,
      ...(voice === undefined ? {} : { voice }),
      webhooks: {
        ...provider.webhooks,
        parse: (webhook) => (next === undefined ? provider.webhooks.parse(webhook) : [next]),
      },
    }),
  });
  return {
    ...running,
    async happens({ callId = 'call-1', ...fields }, path) {
      const base = {
        call: { providerId: 'mock', callId: String(callId) },
        dedupeKey: 'k',
        raw: {},
      };
      const event: object = { ...base, ...fields };
      if (!isCallEvent(event)) throw new Error('not an event of a call');
      next = event;
      const answer = await running.receipt({ id: 'any', status: 'sent' }, path);
      next = undefined;
      return answer.body === '' ? answer.status : JSON.parse(answer.body);
    },
  };
}

const atNight = (): Date => new Date('2026-11-20T23:00:00Z');
const isCallEvent = (event: object): event is CallEvent => 'call' in event && 'type' in event;

const said = (text: string): CallInstruction[] => [{ do: 'say', text }, { do: 'hang-up' }];
const pathOf = (url: URL | undefined): string => url?.pathname ?? '';
const ring = { type: 'call.incoming', from: ada, to: ours } as const;

async function failure(work: Promise<unknown>): Promise<TelephonyError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof TelephonyError) return error;
  throw new Error('expected a TelephonyError');
}

describe('somebody who calls', () => {
  it('is declined when calls are off, and the application hears nothing of it (D13)', async () => {
    const running = await start({ voice: 'off' });
    expect(await running.happens(ring)).toEqual([{ do: 'reject' }]);
    expect(await running.sent()).toEqual([]);
    await running.close();
  });

  it('hears that texts are read here, unless there is a greeting', async () => {
    const running = await start();
    expect(await running.happens(ring)).toEqual(
      said('Hello. This number reads texts. Please send one. Goodbye.'),
    );
    await running.close();
  });

  it('is greeted when they were let in', async () => {
    const running = await start({ voice: { inboundGreeting: 'Good day.' } });
    expect(await running.happens(ring)).toEqual(said('Good day.'));
    await running.close();
  });

  it.each(['anonymous', 'sip:ada@example.com', '+99915550100123'])(
    'is declined as %s, whatever the list says of others (C2)',
    async (from) => {
      const running = await start({ access: { ...everybody, admits: admitsAda } });
      expect(await running.happens({ ...ring, from })).toEqual([{ do: 'reject' }]);
      await running.close();
    },
  );

  it('is declined when they were not let in, without a pairing code', async () => {
    const running = await start({ access: nobody });
    expect(await running.happens(ring)).toEqual([{ do: 'reject' }]);
    expect(await running.sent()).toEqual([]);
    await running.close();
  });
});

describe('calling somebody', () => {
  it('dials once, for a bounded time, and reads the message to whoever picks up', async () => {
    const carrier = fakeVoice();
    const running = await start({ voice: { maxDurationSeconds: 60 } }, carrier);
    const placed = await running.server.call({
      to: ada,
      message: 'Dinner is ready.',
      id: 'dinner',
    });
    expect(placed).toEqual({
      id: 'dinner',
      state: 'placed',
      callId: 'call-1',
      duplicate: false,
    });
    expect(carrier.dialled).toMatchObject([{ to: ada, from: ours, maxDurationSeconds: 60 }]);
    const path = pathOf(carrier.dialled[0]?.answerUrl);
    expect(await running.happens({ type: 'call.answered' }, path)).toEqual(
      said('Dinner is ready.'),
    );
    await running.happens({ type: 'call.ended', reason: 'completed' }, path);
    expect(await running.server.callRecord('call-1')).toMatchObject({
      state: 'ended',
      reason: 'completed',
    });
    await running.close();
  });

  it('reads the message even when the carrier answers before we know its id', async () => {
    const carrier = fakeVoice();
    const running = await start({}, carrier);
    await running.server.call({ to: ada, message: 'Hi.', id: 'a' });
    const path = pathOf(carrier.dialled[0]?.answerUrl);
    expect(await running.happens({ type: 'call.answered', callId: 'another' }, path)).toEqual(
      said('Hi.'),
    );
    await running.close();
  });

  it('never dials the same id twice', async () => {
    const carrier = fakeVoice();
    const running = await start({}, carrier);
    await running.server.call({ to: ada, id: 'a' });
    expect(await running.server.call({ to: ada, id: 'a' })).toEqual({
      id: 'a',
      state: 'placed',
      callId: 'call-1',
      duplicate: true,
    });
    expect(carrier.dialled).toHaveLength(1);
    await running.close();
  });

  it('is refused for people whom an agent may not reach, and for those who said STOP', async () => {
    const carrier = fakeVoice();
    const strict = await start({ access: nobody }, carrier);
    expect(await failure(strict.server.call({ to: ada }))).toMatchObject({
      code: 'permission_denied',
    });
    const untyped = { to: ada, purpose: 'notice' };
    await expect(
      Reflect.apply((one: CallRequest) => strict.server.call(one), undefined, [untyped]),
    ).rejects.toMatchObject({ code: 'permission_denied' });
    await strict.close();
    const running = await start({}, carrier);
    await running.text('STOP');
    await running.sent();
    expect(await failure(running.server.call({ to: ada }))).toMatchObject({
      code: 'recipient_opted_out',
    });
    expect(carrier.dialled).toEqual([]);
    await running.close();
  });

  it('has a limit an hour, which says when to come again', async () => {
    const running = await start({ voice: { maxPerHour: 2 } });
    for (const id of ['a', 'b']) await running.server.call({ to: ada, id });
    const error = await failure(running.server.call({ to: ada, id: 'c' }));
    expect(error).toMatchObject({ code: 'limit_reached', outcome: 'not-performed' });
    expect(error.retryAfterMs).toBeGreaterThan(0);
    await running.close();
  });

  it('stays unknown when the answer was lost, and is not dialled again', async () => {
    const lost = new TelephonyError('timeout', 'no answer', { outcome: 'unknown' });
    const carrier = fakeVoice(() => lost);
    const running = await start({}, carrier);
    expect(await failure(running.server.call({ to: ada, id: 'a' }))).toBe(lost);
    expect(await running.server.callRecord('a')).toMatchObject({ state: 'unknown' });
    expect(await running.server.call({ to: ada, id: 'a' })).toEqual({
      id: 'a',
      state: 'unknown',
      duplicate: true,
    });
    expect(carrier.dialled).toHaveLength(1);
    await running.close();
  });

  it('says that it failed when it surely did and is asked for again with its id', async () => {
    const busy = new TelephonyError('rate_limited', 'later', { outcome: 'not-performed' });
    const carrier = fakeVoice(() => busy);
    const running = await start({}, carrier);
    expect(await failure(running.server.call({ to: ada, id: 'a' }))).toBe(busy);
    expect(await running.server.call({ to: ada, id: 'a' })).toEqual({
      id: 'a',
      state: 'failed',
      duplicate: true,
    });
    expect(carrier.dialled).toHaveLength(1);
    await running.close();
  });

  it('says what is missing', async () => {
    const cases: [Partial<TelephonyServerOptions>, { readonly voice?: VoiceProvider }, RegExp][] = [
      [{}, {}, /cannot make calls/u],
      [{ sender: { kind: 'pool', id: 'pool' } }, fakeVoice(), /fromNumber/u],
    ];
    for (const [over, carrier, message] of cases) {
      const running = await start(over, carrier);
      expect((await failure(running.server.call({ to: ada }))).message).toMatch(message);
      await running.close();
    }
    const off = await startServer({
      publicUrl,
      change: (p) => ({ ...p, voice: fakeVoice().voice }),
    });
    expect((await failure(off.server.call({ to: ada }))).message).toMatch(/voice\.enabled/u);
    await off.close();
    const hidden = await startServer({
      voice: {},
      change: (p) => ({ ...p, voice: fakeVoice().voice }),
    });
    expect((await failure(hidden.server.call({ to: ada }))).message).toMatch(/publicUrl/u);
    await hidden.close();
  });

  it('waits for the morning when software asks for it, and says when that is', async () => {
    const carrier = fakeVoice();
    const now = atNight;
    const quietHours = { from: '22:00', to: '07:00', timeZone: 'UTC' };
    const over = { store: createMemoryStore({ now }), now, outbound: { quietHours } };
    const running = await start(over, carrier);
    expect(await failure(running.server.call({ to: ada, id: 'a' }))).toMatchObject({
      code: 'limit_reached',
      outcome: 'not-performed',
      retryAfterMs: 8 * 3_600_000,
    });
    await running.server.call({ to: ada, id: 'a', purpose: 'operator' });
    expect(carrier.dialled).toHaveLength(1);
    await running.close();
  });

  it('dials once when the same id is asked for twice at once', async () => {
    const carrier = fakeVoice();
    const running = await start({}, carrier);
    const both = await Promise.all([1, 2].map(() => running.server.call({ to: ada, id: 'a' })));
    expect(both.filter(({ duplicate }) => duplicate)).toHaveLength(1);
    expect(carrier.dialled).toHaveLength(1);
    await running.close();
  });

  it('is done 20 times an hour unless more is asked for', async () => {
    const carrier = fakeVoice();
    const running = await start({}, carrier);
    for (let n = 0; n < 20; n += 1) await running.server.call({ to: ada, id: `c${n}` });
    expect(await failure(running.server.call({ to: ada }))).toMatchObject({
      code: 'limit_reached',
    });
    expect(carrier.dialled).toHaveLength(20);
    await running.close();
  });

  it('resolves with the id of a call that was placed, though the store failed right after it', async () => {
    const inner = createMemoryStore();
    const { keyValue } = inner;
    let failuresLeft = 0;
    const set: typeof keyValue.set = async (key, value, how) => {
      if (key.includes('/call') && failuresLeft > 0) {
        failuresLeft -= 1;
        throw new Error('SQLITE_BUSY');
      }
      return keyValue.set(key, value, how);
    };
    const store: TelephonyStore = {
      queue: (name, options) => inner.queue(name, options),
      close: () => inner.close(),
      keyValue: {
        get: (key) => keyValue.get(key),
        delete: (key, how) => keyValue.delete(key, how),
        list: (prefix, how) => keyValue.list(prefix, how),
        set,
      },
    };
    const carrier = fakeVoice(undefined, () => {
      failuresLeft = 2;
    });
    const running = await start({ store }, carrier);
    expect(await running.server.call({ to: ada, id: 'a' })).toEqual({
      id: 'a',
      state: 'placed',
      callId: 'call-1',
      duplicate: false,
    });
    expect(await running.server.callRecord('call-1')).toMatchObject({
      state: 'placed',
      callId: 'call-1',
    });
    await running.close();
  });

  it('is not moved back by an answer that events of the call have overtaken', async () => {
    const events: [Happening, string][] = [
      [{ type: 'call.answered' }, 'answered'],
      [{ type: 'call.ended', reason: 'no-answer' }, 'ended'],
    ];
    for (const [event, state] of events) {
      const found: { happen?: () => Promise<unknown> } = {};
      const carrier = fakeVoice(undefined, () => found.happen?.());
      const running = await start({}, carrier);
      found.happen = () => running.happens(event, pathOf(carrier.dialled[0]?.answerUrl));
      await running.server.call({ to: ada, id: 'a' });
      expect(await running.server.callRecord('a')).toMatchObject({ state, callId: 'call-1' });
      await running.close();
    }
  });

  it('whose answer was lost gets its id from the first event that names it', async () => {
    const lost = new TelephonyError('timeout', 'no answer', { outcome: 'unknown' });
    const carrier = fakeVoice(() => lost);
    const running = await start({}, carrier);
    await failure(running.server.call({ to: ada, id: 'a' }));
    const path = pathOf(carrier.dialled[0]?.answerUrl);
    await running.happens({ type: 'call.answered', callId: 'call-9' }, path);
    expect(await running.server.callRecord('call-9')).toMatchObject({
      state: 'answered',
      callId: 'call-9',
    });
    await running.happens({ type: 'call.ended', callId: 'call-9', reason: 'completed' });
    await running.happens({ type: 'call.answered', callId: 'call-9' });
    expect(await running.server.callRecord('a')).toMatchObject({ state: 'ended' });
    await running.close();
  });
});

describe('the settings of calls', () => {
  it.each(['maxDurationSeconds', 'maxPerHour', 'maxPerDay', 'maxGreetingsPerHour'] as const)(
    'make sense: %s',
    async (name) => {
      for (const wrong of [0, -1, 1.5, Number.NaN]) {
        await expect(start({ voice: { [name]: wrong } })).rejects.toThrow(`voice.${name}`);
      }
    },
  );
  it('bound the greetings of an hour', async () => {
    const running = await start({ voice: { maxGreetingsPerHour: 2 } });
    const greeting = said('Hello. This number reads texts. Please send one. Goodbye.');
    for (const callId of ['one', 'two', 'two']) {
      expect(await running.happens({ ...ring, callId })).toEqual(greeting);
    }
    expect(await running.happens({ ...ring, callId: 'three' })).toEqual([{ do: 'reject' }]);
    await running.close();
  });
});
