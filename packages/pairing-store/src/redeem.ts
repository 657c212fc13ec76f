import { isSameCode } from './code.ts';
import type { Change, StoredRequest } from './request-record.ts';

export type Redeemed =
  | { readonly status: 'redeemed' | 'expired' | 'too-many-attempts'; readonly sender: string }
  | { readonly status: 'unknown-code' };

/** What a code that was given back does to the requests: closes the one that it belongs to, or counts as wrong. */
export function redeem(
  requests: readonly StoredRequest[],
  given: {
    readonly code: string;
    readonly sender: string | undefined;
    readonly isPending: (request: StoredRequest) => boolean;
    readonly maxAttempts: number;
  },
): Change<Redeemed> {
  const { code, sender, isPending, maxAttempts } = given;
  const isMeant = (request: StoredRequest): boolean =>
    sender === undefined || request.sender === sender;
  // All of them are compared, whichever is right.
  let match: StoredRequest | undefined;
  for (const request of requests) {
    if (isMeant(request) && isSameCode(request.code, code)) match = request;
  }

  if (match?.redeemed === true) return { answer: { status: 'redeemed', sender: match.sender } };
  if (match !== undefined && isPending(match)) {
    return {
      answer: { status: 'redeemed', sender: match.sender },
      requests: requests.map((request) =>
        request === match ? Object.assign({}, request, { redeemed: true }) : request,
      ),
    };
  }
  const isHit = (request: StoredRequest): boolean => isMeant(request) && isPending(request);
  const counted = requests.some(isHit)
    ? { requests: requests.map((request) => (isHit(request) ? countWrong(request) : request)) }
    : {};
  if (match === undefined) return { answer: { status: 'unknown-code' }, ...counted };
  const status = match.wrongCount >= maxAttempts ? 'too-many-attempts' : 'expired';
  return { answer: { status, sender: match.sender }, ...counted };
}

const countWrong = (request: StoredRequest): StoredRequest =>
  Object.assign({}, request, { wrongCount: request.wrongCount + 1 });
