import type { LoopbackReply } from './loopback-server.ts';

/** A JSON document as an answer. */
export function jsonReply(status: number, document: unknown): LoopbackReply {
  return {
    status,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(document),
  };
}
