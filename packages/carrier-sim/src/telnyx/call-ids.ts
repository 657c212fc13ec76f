import { type Random, randomHex, randomUuid } from '../carrier/random-id.ts';

/** The identifiers of a call: what commands name, and what webhooks name beside it. */
export function callIds(random: Random): {
  readonly id: string;
  readonly callLegId: string;
  readonly callSessionId: string;
} {
  // As in reality, it cannot stand in a path as it is.
  const token = Buffer.from(randomHex(48, random)).toString('base64url');
  return {
    id: `v3:${token}`,
    callLegId: randomUuid(random),
    callSessionId: randomUuid(random),
  };
}
