import type { ReplyFault } from './fault-kinds.ts';
import type { LoopbackReply } from './loopback-server.ts';

/** How one carrier says no. */
export interface Refusals {
  /** An error with this number. */
  error(code: number): LoopbackReply;
  /** An error 500. */
  failure(): LoopbackReply;
  /** An error 429, without `Retry-After`. */
  tooMany(): LoopbackReply;
}

const gatewayPage: LoopbackReply = {
  status: 502,
  headers: { 'Content-Type': 'text/html' },
  body: '<html><head><title>502 Bad Gateway</title></head><body>502</body></html>',
};

/** What {@link breakReply} works with. */
export interface ReplyParts {
  /** Does what was asked and makes the genuine answer. */
  readonly carryOut: () => Promise<LoopbackReply>;
  /** Resolves after so many milliseconds. */
  readonly pause: (ms: number) => Promise<unknown>;
  readonly refusals: Refusals;
}

/** Answers as a fault wants it. */
export async function breakReply(
  fault: ReplyFault | undefined,
  { carryOut, pause, refusals }: ReplyParts,
): Promise<LoopbackReply | 'hang-up'> {
  if (fault === undefined) return carryOut();
  const { kind } = fault;
  if (kind === 'slow') {
    await pause(fault.delayMs);
    return carryOut();
  }
  if (kind === 'error') return refusals.error(fault.code);
  if (kind === 'status-429') return tooMany(refusals.tooMany(), fault.retryAfterSeconds);
  if (kind === 'status-500') {
    return instead(refusals.failure(), fault.afterAccept, carryOut);
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

function tooMany(reply: LoopbackReply, retryAfterSeconds: number | undefined): LoopbackReply {
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
