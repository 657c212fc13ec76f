import { onTestFinished } from 'vitest';
import {
  type ApiAnswer,
  type Application,
  ours,
  readAnswer,
  startApplication,
  theirs,
} from '../carrier/scene.testing.ts';
import { telnyxKey } from '../carrier/three-carriers.testing.ts';
import { isJsonObject, type JsonObject } from '../carrier/json-object.ts';
import type { LoopbackRequest } from '../carrier/loopback-server.ts';
import type { TelnyxSimOptions } from './options.ts';
import { startTelnyxSim } from './start-telnyx-sim.ts';
import type { TelnyxSim } from './telnyx-sim.ts';

export { ours, startApplication, theirs, unreachableUrl } from '../carrier/scene.testing.ts';

export const apiKey = 'KEY-of-a-test';
export const profileId = '11111111-2222-4333-8444-555555555555';

/** A simulator with one number on a known profile whose texts go to an application, both closed at the end of the test. */
export async function startScene(
  options: Partial<TelnyxSimOptions> = {},
): Promise<{ readonly sim: TelnyxSim; readonly application: Application }> {
  const application = await startApplication();
  const sim = await startTelnyxSim({
    apiKey,
    privateKey: telnyxKey.privateKey,
    numbers: [
      { number: ours, messageUrl: `${application.url}/sms`, messagingProfileId: profileId },
    ],
    timing: { retryAcceleration: 100_000 },
    ...options,
  });
  onTestFinished(() => sim.close());
  return { sim, application };
}

/** Calls the REST API. */
export async function callApi(
  sim: TelnyxSim,
  method: string,
  path: string,
  body?: unknown,
  key = apiKey,
): Promise<ApiAnswer> {
  const response = await fetch(`${sim.url}/v2${path}`, {
    method,
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return readAnswer(response);
}

/** Sends a message through the REST API; `undefined` leaves a field out. */
export function send(
  sim: TelnyxSim,
  fields: Readonly<Record<string, unknown>> = {},
): Promise<ApiAnswer> {
  return callApi(sim, 'POST', '/messages', { to: theirs, from: ours, text: 'Hello', ...fields });
}

/** The document in a webhook. */
export function documentOf({ body }: LoopbackRequest): unknown {
  return JSON.parse(Buffer.from(body).toString('utf8'));
}

/** An event of a call as the application gets it. */
export interface CallEvent {
  readonly type: string;
  readonly payload: JsonObject;
}

/** The events among the requests. */
export function eventsIn(requests: readonly LoopbackRequest[]): readonly CallEvent[] {
  return requests.map((request) => {
    const document = documentOf(request);
    const data = isJsonObject(document) ? document['data'] : undefined;
    const { event_type: type, payload } = isJsonObject(data) ? data : {};
    return { type: String(type), payload: isJsonObject(payload) ? payload : {} };
  });
}

/** Gives a call a command. */
export function command(
  sim: TelnyxSim,
  id: unknown,
  action: string,
  body: JsonObject = {},
): Promise<ApiAnswer> {
  return callApi(sim, 'POST', `/calls/${encodeURIComponent(String(id))}/actions/${action}`, body);
}

/** Which commands an application gives on which event: an action and its body. */
export type CallScript = Readonly<Record<string, readonly (readonly [string, JsonObject?])[]>>;

const voice = 'AWS.Polly.Joanna';

/** Says hello to everybody, and hangs up. */
export const greeting: CallScript = {
  'call.initiated': [['answer']],
  'call.answered': [['speak', { payload: 'Hello there', voice }]],
  'call.speak.ended': [['hangup']],
};

/** A number whose calls go to an application with a script; it gives its commands before it answers an event. */
export async function startCalls(
  script: CallScript = greeting,
  options: Partial<TelnyxSimOptions> = {},
): Promise<{
  readonly sim: TelnyxSim;
  readonly application: Application;
  readonly connectionId: string;
}> {
  const application = await startApplication();
  const connectionId = '1494404757140276705';
  const sim = await startTelnyxSim({
    apiKey,
    privateKey: telnyxKey.privateKey,
    numbers: [{ number: ours, voiceUrl: `${application.url}/voice`, connectionId }],
    ...options,
  });
  application.answer = async (request) => {
    const [event] = eventsIn([request]);
    const { direction, call_control_id: id } = event?.payload ?? {};
    const commands = direction === 'outgoing' ? [] : (script[event?.type ?? ''] ?? []);
    for (const [action, body] of commands) {
      // In the order of the script.
      await command(sim, id, action, body);
    }
    return { status: 200 };
  };
  onTestFinished(() => sim.close());
  return { sim, application, connectionId };
}

/** Places a call through the REST API; `undefined` leaves a field out. */
export function place(sim: TelnyxSim, fields: JsonObject = {}): Promise<ApiAnswer> {
  const connection_id = sim.numbers[0]?.connectionId;
  return callApi(sim, 'POST', '/calls', { connection_id, to: theirs, from: ours, ...fields });
}
