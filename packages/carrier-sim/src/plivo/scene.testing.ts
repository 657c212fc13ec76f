import { onTestFinished } from 'vitest';
import {
  type ApiAnswer,
  type Application,
  formOf,
  ours,
  readAnswer,
  startApplication,
} from '../carrier/scene.testing.ts';
import type { LoopbackReply, LoopbackRequest } from '../carrier/loopback-server.ts';
import type { PlivoSimOptions } from './options.ts';
import type { PlivoSim } from './plivo-sim.ts';
import { startPlivoSim } from './start-plivo-sim.ts';

export { formOf, ours, theirs } from '../carrier/scene.testing.ts';

export const authId = 'MATESTTESTTESTTESTTE';
export const authToken = 'test0auth0token0for0tests0000000';
export const subaccount = { authId: 'SATESTTESTTESTTESTTE', authToken: 'token-of-the-subaccount' };

/** A simulator with one number whose texts go to an application, both closed at the end of the test. */
export async function startScene(
  options: Partial<PlivoSimOptions> = {},
): Promise<{ readonly sim: PlivoSim; readonly application: Application }> {
  const application = await startApplication();
  const sim = await startPlivoSim({
    authId,
    authToken,
    numbers: [{ number: ours, messageUrl: `${application.url}/sms` }],
    timing: { retryAcceleration: 1_000_000 },
    ...options,
  });
  onTestFinished(() => sim.close());
  return { sim, application };
}

/** Calls the REST API. */
export async function callApi(
  sim: PlivoSim,
  method: string,
  path: string,
  body?: unknown,
  credentials = { authId, authToken },
): Promise<ApiAnswer> {
  const basic = Buffer.from(`${credentials.authId}:${credentials.authToken}`).toString('base64');
  const response = await fetch(`${sim.url}/v1/Account/${credentials.authId}${path}`, {
    method,
    headers: { Authorization: `Basic ${basic}`, 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return readAnswer(response);
}

/** Sends a message through the REST API; `undefined` leaves a field out. */
export function send(
  sim: PlivoSim,
  fields: Readonly<Record<string, unknown>> = {},
  credentials?: { readonly authId: string; readonly authToken: string },
): Promise<ApiAnswer> {
  const message = { src: '15550100100', dst: '15550100123', text: 'Hello', ...fields };
  return callApi(sim, 'POST', '/Message/', message, credentials);
}

/** The headers of a request as strings. */
export function headersOf({ headers }: LoopbackRequest): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

export function xml(elements: string): LoopbackReply {
  return {
    status: 200,
    headers: { 'Content-Type': 'text/xml' },
    body: `<?xml version="1.0" encoding="UTF-8"?><Response>${elements}</Response>`,
  };
}

/** What {@link startCalls} says when nothing else is given. */
export const greeting = xml('<Speak voice="WOMAN">Hello there</Speak><Hangup/>');

/** A number whose calls go to an application that says hello. */
export async function startCalls(
  reply: LoopbackReply | ((request: LoopbackRequest) => LoopbackReply) = greeting,
  options: Partial<PlivoSimOptions> = {},
): Promise<{
  readonly sim: PlivoSim;
  readonly application: Application;
  readonly url: string;
}> {
  const application = await startApplication();
  application.answer = (request) =>
    Promise.resolve(typeof reply === 'function' ? reply(request) : reply);
  const url = `${application.url}/voice`;
  const sim = await startPlivoSim({
    authId,
    authToken,
    numbers: [{ number: ours, voiceUrl: url, hangupUrl: `${application.url}/hangup` }],
    ...options,
  });
  onTestFinished(() => sim.close());
  return { sim, application, url };
}

/** Places a call through the REST API; `undefined` leaves a field out. */
export function place(
  sim: PlivoSim,
  fields: Readonly<Record<string, unknown>> = {},
): Promise<ApiAnswer> {
  return callApi(sim, 'POST', '/Call/', { from: '15550100100', to: '15550100123', ...fields });
}

/** The event and the call status of each webhook. */
export const events = (
  requests: readonly LoopbackRequest[],
): readonly (readonly [string | null, string | null])[] =>
  requests.map(formOf).map((form) => [form.get('Event'), form.get('CallStatus')]);
