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
