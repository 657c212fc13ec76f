import type { CarrierSim } from './carrier-sim.ts';
import { callJson } from './control-output.ts';
import type { CallInput, FarEnd } from './far-end.ts';
import type { InboundCall, NextCallOptions } from './inbound-call.ts';
import { jsonReply as json } from './json-reply.ts';
import { ControlError, type JsonReader } from './json-reader.ts';
import type { LoopbackReply } from './loopback-server.ts';

/** The control endpoints for calls. Undefined for what is none of them. */
export async function answerCallControl(
  sim: CarrierSim,
  endpoint: string,
  { body, query }: { readonly body: () => JsonReader; readonly query: URLSearchParams },
): Promise<LoopbackReply | undefined> {
  switch (endpoint) {
    case 'POST calls': {
      return json(200, callJson(await sim.callIn(readCall(body()))));
    }
    case 'GET calls': {
      const isWanted = (name: string, value: string): boolean =>
        (query.get(name) ?? value) === value;
      const wanted = sim.calls.filter(
        ({ to, from, direction }) =>
          isWanted('to', to) && isWanted('from', from) && isWanted('direction', direction),
      );
      return json(200, { calls: wanted.map(callJson) });
    }
    case 'GET calls/next': {
      return nextCall(sim, query);
    }
    case 'POST calls/hang-up': {
      return json(200, callJson(await sim.hangUp(body().string('id'))));
    }
    case 'POST far-ends': {
      const input = body();
      sim.setFarEnd(input.string('number'), readFarEnd(input));
      return { status: 204 };
    }
    default: {
      return undefined;
    }
  }
}

function readCall(input: JsonReader): InboundCall {
  const givesUp = input.optionalNumber('givesUpAfterSeconds');
  const farEnd = input.optionalObject('farEnd');
  return {
    from: input.string('from'),
    to: input.string('to'),
    parameters: input.optionalObject('parameters')?.strings() ?? {},
    ...(farEnd === undefined ? {} : { farEnd: readFarEnd(farEnd) }),
    ...(givesUp === undefined ? {} : { givesUpAfterSeconds: givesUp }),
  };
}

function readFarEnd(input: JsonReader): FarEnd {
  const ringSeconds = input.optionalNumber('ringSeconds');
  const hangsUpAfterSeconds = input.optionalNumber('hangsUpAfterSeconds');
  const answer =
    input.optionalString('answer') === undefined
      ? undefined
      : input.oneOf('answer', ['human', 'machine', 'busy', 'no-answer', 'rejects', 'unreachable']);
  return {
    ...(answer === undefined ? {} : { answer }),
    ...(ringSeconds === undefined ? {} : { ringSeconds }),
    ...(hangsUpAfterSeconds === undefined ? {} : { hangsUpAfterSeconds }),
    inputs: input.objects('inputs').map(readInput),
  };
}

function readInput(input: JsonReader): CallInput {
  const digits = input.optionalString('digits');
  return digits === undefined ? { speech: input.string('speech') } : { digits };
}

async function nextCall(sim: CarrierSim, query: URLSearchParams): Promise<LoopbackReply> {
  const timeoutMs = Number(query.get('timeoutMs') ?? 5_000);
  if (!(timeoutMs >= 0 && timeoutMs <= 600_000)) {
    throw new ControlError('`timeoutMs` is from 0 to 600000');
  }
  const to = query.get('to');
  const from = query.get('from');
  const options: NextCallOptions = {
    timeoutMs,
    ...wordIn(query, 'state', ['queued', 'ringing', 'answered', 'ended']),
    ...wordIn(query, 'direction', ['outbound', 'inbound']),
    ...(to === null ? {} : { to }),
    ...(from === null ? {} : { from }),
  };
  try {
    return json(200, callJson(await sim.nextCall(options)));
  } catch (error) {
    return json(404, { error: error instanceof Error ? error.message : 'none' });
  }
}

function wordIn<const Name extends string, const Word extends string>(
  query: URLSearchParams,
  name: Name,
  words: readonly Word[],
): { readonly [key in Name]?: Word } {
  const value = query.get(name);
  if (value === null) return {};
  const word = words.find((known) => known === value);
  if (word === undefined) throw new ControlError(`\`${name}\` is none of ${words.join(', ')}`);
  const found: { [key in Name]?: Word } = {};
  found[name] = word;
  return found;
}
