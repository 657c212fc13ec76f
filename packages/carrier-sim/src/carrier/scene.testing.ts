import { onTestFinished } from 'vitest';
import type { CarrierSim } from './carrier-sim.ts';
import {
  type LoopbackHandler,
  type LoopbackRequest,
  startLoopbackServer,
} from './loopback-server.ts';

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

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What an API answered, its body as an object. */
export async function readAnswer(response: Response): Promise<ApiAnswer> {
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: readObject(text) };
}

/** Calls a control endpoint. */
export async function control(
  sim: Pick<CarrierSim, 'url'>,
  method: string,
  path: string,
  body?: unknown,
): Promise<ApiAnswer> {
  const response = await fetch(`${sim.url}/_sim/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return readAnswer(response);
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
