import type { LoopbackReply } from '../carrier/loopback-server.ts';
import type { Refusals } from '../carrier/reply-faults.ts';
import { apiErrors } from './api-errors.data.ts';

/** A request that the API refuses, with Twilio's number for the reason. */
export class ApiError extends Error {
  readonly code: number;
  readonly status: number;

  constructor(code: number, detail = '') {
    const [status, message] = apiErrors.get(code) ?? [400, 'Error {detail}'];
    super(message.replace('{detail}', () => detail));
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
  }
}

/** A document as Twilio answers it. */
export function json(status: number, document: unknown): LoopbackReply {
  return {
    status,
    headers: { 'Content-Type': 'application/json;charset=utf-8' },
    body: JSON.stringify(document),
  };
}

/** An error in Twilio's shape: `code`, `message`, `more_info`, `status`. */
export function errorReply({ code, message, status }: ApiError): LoopbackReply {
  const moreInfo = `https://www.twilio.com/docs/errors/${code}`;
  const reply = json(status, { code, message, more_info: moreInfo, status });
  if (status !== 401) return reply;
  return {
    ...reply,
    headers: { ...reply.headers, 'WWW-Authenticate': 'Basic realm="Twilio API"' },
  };
}

/** How Twilio says no. */
export const refusals: Refusals = {
  error: (code) => errorReply(new ApiError(code)),
  failure: () => errorReply(new ApiError(20_500)),
  tooMany: () => errorReply(new ApiError(20_429)),
};
