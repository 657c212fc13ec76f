import { onTestFinished } from 'vitest';
import type { LoopbackReply } from '../carrier/loopback-server.ts';
import {
  type ApiAnswer,
  type Application,
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
