import { onTestFinished } from 'vitest';
import {
  type LoopbackHandler,
  type LoopbackReply,
  type LoopbackRequest,
  startLoopbackServer,
} from '../carrier/loopback-server.ts';
import type { TwilioSimOptions } from './options.ts';
import { startTwilioSim } from './start-twilio-sim.ts';
import type { TwilioSim } from './twilio-sim.ts';

export const accountSid = `AC${'0'.repeat(32)}`;
export const authToken = 'test0auth0token0for0tests0000000';
export const ours = '+15550100100';
export const theirs = '+15550100123';

/** An application that notes what it gets; answers 204 unless told otherwise. */
export interface Application {
  readonly url: string;
  readonly requests: readonly LoopbackRequest[];
  /** The forms of all requests, in the order of arrival. */
  readonly forms: () => readonly URLSearchParams[];
  answer: LoopbackHandler;
}

export async function startApplication(): Promise<Application> {
  const requests: LoopbackRequest[] = [];
  const application: Application = {
    url: '',
    requests,
    forms: () => requests.map(formOf),
    answer: () => Promise.resolve({ status: 204 }),
  };
  const server = await startLoopbackServer((request) => {
    requests.push(request);
    return application.answer(request);
  });
  onTestFinished(() => server.close());
  return Object.assign(application, { url: server.url });
}

export function formOf({ body }: LoopbackRequest): URLSearchParams {
  return new URLSearchParams(Buffer.from(body).toString('utf8'));
}

export function twiml(body: string): LoopbackReply {
  return { status: 200, headers: { 'Content-Type': 'text/xml' }, body };
}

/** A simulator with one number whose texts go to an application, both closed at the end of the test. */
export async function startScene(
  options: Partial<TwilioSimOptions> = {},
): Promise<{ readonly sim: TwilioSim; readonly application: Application }> {
  const application = await startApplication();
  const messageUrl = `${application.url}/sms`;
  const sim = await startTwilioSim({
    accountSid,
    authToken,
    numbers: [{ number: ours, messageUrl }],
    ...options,
  });
  onTestFinished(() => sim.close());
  return { sim, application };
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Calls the REST API with the account's own credentials. */
export async function callApi(
  sim: TwilioSim,
  method: string,
  path: string,
  parameters: Readonly<Record<string, string>> | URLSearchParams = {},
  credentials = `${accountSid}:${authToken}`,
): Promise<ApiAnswer> {
  const form = new URLSearchParams(parameters);
  const response = await fetch(`${sim.url}/2010-04-01/Accounts/${accountSid}${path}`, {
    method,
    headers: { Authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
    redirect: 'manual',
    ...(method === 'POST' ? { body: form } : {}),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: readObject(text) };
}

/** Sends a message through the REST API. */
export function send(
  sim: TwilioSim,
  parameters: Readonly<Record<string, string>> | readonly (readonly [string, string])[] = {},
): Promise<ApiAnswer> {
  const given = Array.isArray(parameters) ? parameters : Object.entries(parameters);
  const names = new Set(given.map(([name]) => name));
  const defaults = Object.entries({ To: theirs, From: ours, Body: 'Hello' });
  const form = new URLSearchParams();
  for (const [name, value] of [...defaults.filter(([key]) => !names.has(key)), ...given]) {
    if (value !== 'absent') form.append(name, value);
  }
  return callApi(sim, 'POST', '/Messages.json', form);
}

/** Calls a control endpoint. */
export async function control(
  sim: TwilioSim,
  method: string,
  path: string,
  body?: unknown,
): Promise<ApiAnswer> {
  const response = await fetch(`${sim.url}/_sim/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: readObject(text) };
}

function readObject(text: string): Readonly<Record<string, unknown>> {
  const value: unknown = text.startsWith('{') ? JSON.parse(text) : {};
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** A URL on this machine where nothing listens. */
export async function unreachableUrl(): Promise<string> {
  const server = await startLoopbackServer(() => Promise.resolve({ status: 204 }));
  await server.close();
  return `${server.url}/gone`;
}
