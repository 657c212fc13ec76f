import type { IncomingMessage } from 'node:http';
import type { WebhookReply } from '@openclaw/telephony-core';
import { refusal } from './ingress.ts';

/** A place among the requests whose bodies are being read. */
export interface Admission {
  /** `undefined` when there is a place, else what to answer without reading a byte of the body. */
  enter(request: IncomingMessage, peer: string): WebhookReply | undefined;
  /** Gives the place back; once for each `enter` that returned `undefined`. */
  leave(peer: string): void;
}

/** What {@link createAdmission} takes. */
export interface AdmissionOptions {
  /** Of each inner list, one header must be there. */
  readonly requiredHeaders: readonly (readonly string[])[];
  /** Bodies read at once, in all; default 64. */
  readonly maxReads?: number;
  /** Bodies read at once for one peer address; default 8. */
  readonly maxReadsPerPeer?: number;
  /** Peers that speak for many others, to whom only the limit of all applies. */
  readonly isProxy?: (peer: string) => boolean;
}

/** Decides on headers alone whether a body will be read. */
export function createAdmission(options: AdmissionOptions): Admission {
  const { requiredHeaders, maxReads = 64, maxReadsPerPeer = 8, isProxy } = options;
  const reads = new Map<string, number>();
  let total = 0;
  return {
    enter(request, peer) {
      if (request.method !== 'POST') return refusal(405, 'only POST is answered here');
      const complete = requiredHeaders.every((oneOf) =>
        oneOf.some((name) => (request.headers[name.toLowerCase()] ?? '') !== ''),
      );
      if (!complete) return refusal(401, 'missing_header');
      const ofPeer = reads.get(peer) ?? 0;
      const full = ofPeer >= maxReadsPerPeer && isProxy?.(peer) !== true;
      if (total >= maxReads || full) return refusal(429, 'too many at once');
      reads.set(peer, ofPeer + 1);
      total += 1;
      return undefined;
    },
    leave(peer) {
      const ofPeer = reads.get(peer) ?? 0;
      if (ofPeer <= 1) reads.delete(peer);
      else reads.set(peer, ofPeer - 1);
      total -= 1;
    },
  };
}
