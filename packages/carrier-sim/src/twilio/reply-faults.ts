import type { LoopbackReply } from '../carrier/loopback-server.ts';
import { ApiError, errorReply } from './api-reply.ts';
import type { ReplyFault } from './faults.ts';

const gatewayPage: LoopbackReply = {
  status: 502,
  headers: { 'Content-Type': 'text/html' },
  body: '<html><head><title>502 Bad Gateway</title></head><body>502</body></html>',
};

/**
 * Answers as a fault wants it.
 *
 * @param carryOut does what was asked and makes the genuine answer
 * @param pause resolves after so many milliseconds
 */
export async function breakReply(
  fault: ReplyFault | undefined,
  carryOut: () => Promise<LoopbackReply>,
  pause: (ms: number) => Promise<unknown>,
): Promise<LoopbackReply | 'hang-up'> {
  if (fault === undefined) return carryOut();
  const { kind } = fault;
  if (kind === 'slow') {
    await pause(fault.delayMs);
    return carryOut();
  }
  if (kind === 'error') return errorReply(new ApiError(fault.code));
  if (kind === 'status-429') return tooMany(fault.retryAfterSeconds);
  if (kind === 'status-500') {
    return instead(errorReply(new ApiError(20_500)), fault.afterAccept, carryOut);
  }
  if (kind === 'html') return instead(gatewayPage, fault.afterAccept, carryOut);
  if (kind === 'drop-before-accept') return 'hang-up';
  const reply = await carryOut();
  if (kind === 'drop-after-accept') {
    reply.afterwards?.();
    return 'hang-up';
  }
  const body = reply.body ?? '';
  const half = Math.floor(body.length / 2);
  return kind === 'cut-off-json'
    ? { ...reply, body: body.slice(0, half) }
    : { ...reply, cutAfterBytes: half };
}

function tooMany(retryAfterSeconds: number | undefined): LoopbackReply {
  const reply = errorReply(new ApiError(20_429));
  if (retryAfterSeconds === undefined) return reply;
  return { ...reply, headers: { ...reply.headers, 'Retry-After': String(retryAfterSeconds) } };
}

async function instead(
  reply: LoopbackReply,
  afterAccept: boolean | undefined,
  carryOut: () => Promise<LoopbackReply>,
): Promise<LoopbackReply> {
  if (afterAccept !== true) return reply;
  const { afterwards } = await carryOut();
  return { ...reply, ...(afterwards ? { afterwards } : {}) };
}
