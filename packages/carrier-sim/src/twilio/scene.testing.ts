import { onTestFinished } from 'vitest';
import type { LoopbackReply, LoopbackRequest } from '../carrier/loopback-server.ts';
import {
  type ApiAnswer,
  type Application,
  formOf,
  ours,
  readAnswer,
  startApplication,
  theirs,
} from '../carrier/scene.testing.ts';
import type { TwilioSimOptions } from './options.ts';
import { startTwilioSim } from './start-twilio-sim.ts';
import type { TwilioSim } from './twilio-sim.ts';

export {
  control,
  formOf,
  ours,
  startApplication,
  theirs,
  unreachableUrl,
} from '../carrier/scene.testing.ts';

export const accountSid = `AC${'0'.repeat(32)}`;
export const authToken = 'test0auth0token0for0tests0000000';

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
  return readAnswer(response);
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

/** What {@link startCalls} says when nothing else is given. */
export const greeting = twiml(
  '<Response><Say voice="Polly.Joanna">Hello there</Say><Hangup/></Response>',
);

/** A number whose calls go to an application that says hello. */
export async function startCalls(
  reply: LoopbackReply | ((request: LoopbackRequest) => LoopbackReply) = greeting,
  options: Partial<TwilioSimOptions> = {},
) {
  const application = await startApplication();
  application.answer = (request) =>
    Promise.resolve(typeof reply === 'function' ? reply(request) : reply);
  const sim = await startTwilioSim({
    accountSid,
    authToken,
    numbers: [
      {
        number: ours,
        voiceUrl: `${application.url}/voice`,
        statusCallback: `${application.url}/status`,
      },
    ],
    ...options,
  });
  onTestFinished(() => sim.close());
  return { sim, application, url: `${application.url}/voice` };
}

/** Places a call through the REST API; `absent` leaves a field out. */
export function place(
  sim: TwilioSim,
  fields: Readonly<Record<string, string>> = {},
  events = true,
): Promise<ApiAnswer> {
  const form = new URLSearchParams({ To: theirs, From: ours });
  for (const [name, value] of Object.entries(fields)) {
    if (value === 'absent') form.delete(name);
    else form.set(name, value);
  }
  if (events && form.has('StatusCallback')) {
    for (const event of ['initiated', 'ringing', 'answered', 'completed']) {
      form.append('StatusCallbackEvent', event);
    }
  }
  return callApi(sim, 'POST', '/Calls.json', form);
}

/** What the reports of calls said. */
export const statuses = (requests: readonly LoopbackRequest[]): readonly (string | null)[] =>
  requests
    .map(formOf)
    .filter((form) => form.has('CallbackSource'))
    .map((form) => form.get('CallStatus'));
