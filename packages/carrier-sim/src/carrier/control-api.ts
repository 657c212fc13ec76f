import { ControlError, parseObject } from './json-reader.ts';
import type { LoopbackReply, LoopbackRequest } from './loopback-server.ts';
import type { CarrierSim } from './carrier-sim.ts';
import { answerCallControl } from './control-calls.ts';
import { readFault, readNumberSettings, readText } from './control-input.ts';
import { deliveryJson, messageJson, stateJson } from './control-output.ts';
import { jsonReply as json } from './json-reply.ts';

/** The path under which tests in other languages steer the simulator. */
export const controlRoot = '/_sim/';

/** Answers a request to a control endpoint. */
export async function answerControl(
  sim: CarrierSim,
  request: LoopbackRequest,
  moreState: () => Readonly<Record<string, unknown>> = () => ({}),
): Promise<LoopbackReply> {
  // A page in a browser on this machine must not steer it: neither by a form, nor by a name that points here.
  const { host = '', origin } = request.headers;
  if (!/^(?:127\.0\.0\.1|localhost)(?::\d+)?$/u.test(host) || origin !== undefined) {
    return json(403, { error: 'only for programs on this machine' });
  }
  try {
    return await perform(sim, request, moreState);
  } catch (error) {
    if (error instanceof ControlError || error instanceof RangeError) {
      return json(400, { error: error.message });
    }
    throw error;
  }
}

async function perform(
  sim: CarrierSim,
  request: LoopbackRequest,
  moreState: () => Readonly<Record<string, unknown>>,
): Promise<LoopbackReply> {
  const { method, path, query } = request;
  const body = (): ReturnType<typeof parseObject> =>
    parseObject(Buffer.from(request.body).toString('utf8'));
  switch (`${method} ${path.slice(controlRoot.length)}`) {
    case 'POST texts': {
      return json(200, deliveryJson(await sim.text(readText(body()))));
    }
    case 'GET messages': {
      const to = query.get('to');
      const wanted = sim.messages.filter((message) => to === null || message.to === to);
      return json(200, { messages: wanted.map(messageJson) });
    }
    case 'GET messages/next': {
      return nextMessage(sim, query);
    }
    case 'POST receipts': {
      const input = body();
      const status = input.oneOf('status', sim.statuses);
      const id = input.optionalString('sid') ?? input.string('id');
      const errorCode = input.optionalNumber('errorCode');
      const options = errorCode === undefined ? {} : { errorCode };
      const receipt = await sim.receipt(id, status, options);
      return json(200, {
        sent: receipt !== undefined,
        acknowledged: receipt?.acknowledged ?? false,
      });
    }
    case 'POST faults': {
      sim.faults.add(readFault(body()));
      return { status: 204 };
    }
    case 'DELETE faults': {
      sim.faults.clear();
      return { status: 204 };
    }
    case 'POST numbers': {
      const input = body();
      sim.setNumber(input.string('number'), readNumberSettings(input));
      return { status: 204 };
    }
    case 'GET state': {
      return json(200, { ...stateJson(sim), ...moreState() });
    }
    case 'POST settle': {
      await sim.settled();
      return { status: 204 };
    }
    case 'POST reset': {
      await sim.reset();
      return { status: 204 };
    }
    default: {
      const endpoint = `${method} ${path.slice(controlRoot.length)}`;
      const reply = await answerCallControl(sim, endpoint, { body, query });
      return reply ?? json(404, { error: `there is no ${method} ${path}` });
    }
  }
}

async function nextMessage(sim: CarrierSim, query: URLSearchParams): Promise<LoopbackReply> {
  const to = query.get('to');
  const matching = query.get('containing');
  const timeoutMs = Number(query.get('timeoutMs') ?? 5_000);
  if (!(timeoutMs >= 0 && timeoutMs <= 600_000)) {
    throw new ControlError('`timeoutMs` is from 0 to 600000');
  }
  try {
    const message = await sim.nextMessage({
      timeoutMs,
      ...(to === null ? {} : { to }),
      ...(matching === null ? {} : { matching }),
    });
    return json(200, messageJson(message));
  } catch (error) {
    return json(404, { error: error instanceof Error ? error.message : 'none' });
  }
}
