import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Admission, Place } from './admission.ts';
import type { FailureBudget } from './failure-budget.ts';
import { IncomingHeaders } from './incoming-headers.ts';
import type { Ingress, Taken } from './ingress.ts';
import type { LocalPages } from './local-pages.ts';
import { type Logger, reasonOf } from '../observe/logger.ts';
import { type Metrics, silentMetrics } from '../observe/metrics.ts';
import { peerKey } from './peer.ts';
import { type Refusal, refusal } from './refusal.ts';
import { readBody } from './request-body.ts';
import { answer, refuse } from './responses.ts';
import type { Route, Router } from './routes.ts';
import type { SignedUrl } from './signed-url.ts';

/** What {@link createNodeHandler} takes. */
export interface NodeHandlerOptions {
  readonly findRoute: Router;
  readonly admission: Admission;
  readonly budget: FailureBudget;
  readonly ingress: Ingress;
  readonly pages: LocalPages;
  readonly signedUrl: SignedUrl;
  /** Peers that speak for many others. */
  readonly isProxy: (peer: string) => boolean;
  /** Aborted when the server closes: webhooks are asked to come again. */
  readonly closing: AbortSignal;
  readonly now: () => Date;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** A request listener for `node:http`, and for anything that takes one. */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => void;

const maxBodyBytes = 64 * 1024;

type WebhookRoute = Extract<Route, { readonly kind: 'webhook' | 'receipt' }>;
type Answer = Taken['answer'] | 'failed' | 'broken_off';
/** A request whose body is read. */
interface AdmittedVisit {
  readonly route: WebhookRoute;
  readonly peer: string;
  readonly place: Place;
  readonly startedAt: Date;
}

/**
 * Makes the way from a socket to the ingress: path, headers, a place, then the body.
 *
 * A peer that has spent its budget of failures is refused at once where that can be told without its body. A request
 * that might be genuine cannot be told from a forged one before its signature is checked; so it is still read, in one of a
 * few places kept for such peers, and a forged one is answered 429, without a line in the log, and hung up on. Behind a
 * proxy all carriers are one peer with their forgers: its requests keep the places that everybody has.
 */
export function createNodeHandler(options: NodeHandlerOptions): NodeHandler {
  const { findRoute, admission, budget, ingress, pages, signedUrl, isProxy } = options;
  const { closing, now, logger, metrics } = options;

  /** Counts a failure, and says what is answered: what it was, or that there were too many. */
  function blame(peer: string, wrong: Refusal, reason?: string): Refusal {
    const verdict = budget.fail(peer);
    if (verdict === 'within') {
      if (reason !== undefined) logger.warn({ reason }, 'webhook refused');
      return wrong;
    }
    if (verdict === 'spent') {
      logger.warn(
        { peer },
        'one peer sends too much that is refused; no more lines about it for a minute',
      );
    }
    return tooManyFailures(peer);
  }
  const tooManyFailures = (peer: string): Refusal =>
    refusal(429, 'too many requests that were refused', budget.secondsLeft(peer));

  function count(result: Answer, startedAt: Date): void {
    if (metrics === silentMetrics) return;
    metrics.count('telephony_webhooks_total', { answer: result });
    const seconds = Math.max(0, now().getTime() - startedAt.getTime()) / 1000;
    metrics.observe('telephony_webhook_seconds', seconds, { answer: result });
  }

  async function serve(
    request: IncomingMessage,
    response: ServerResponse,
    visit: AdmittedVisit,
  ): Promise<void> {
    let result: Answer = 'failed';
    try {
      result = await receive(request, response, visit);
    } catch (error) {
      logger.error({ reason: reasonOf(error) }, 'webhook failed');
      if (!response.headersSent) refuse(response, refusal(500, 'failed'));
    }
    visit.place.leave();
    count(result, visit.startedAt);
  }

  async function receive(
    request: IncomingMessage,
    response: ServerResponse,
    { route, peer, place, startedAt }: AdmittedVisit,
  ): Promise<Answer> {
    const body = await readBody(request, maxBodyBytes, (cut) => {
      place.cut = cut;
    });
    place.leave();
    if (body === 'aborted') {
      response.destroy();
      return 'broken_off';
    }
    if (body === 'crowded') {
      refuse(response, refusal(503, 'too many at once, and this body was the slowest', 1));
      return 'limited';
    }
    const url = typeof body === 'string' ? undefined : signedUrl(request, route);
    if (typeof body === 'string' || url === undefined) {
      const wrong = typeof body === 'string' ? unread[body] : noHost;
      refuse(response, blame(peer, wrong, typeof body === 'string' ? body : 'no-host'));
      return 'rejected';
    }
    const webhook = {
      method: 'POST',
      url,
      headers: new IncomingHeaders(request),
      body,
      receivedAt: startedAt,
    };
    const taken = await ingress(webhook, route.kind === 'receipt' ? route.sendRef : undefined);
    if (taken.answer !== 'rejected') answer(response, taken.reply, taken.isDurable);
    else {
      const reply = blame(peer, taken.reply, taken.reason);
      if (reply === taken.reply) answer(response, reply);
      else refuse(response, reply);
    }
    return taken.answer;
  }

  return (request, response) => {
    const found = findRoute(request.url ?? '');
    if (typeof found === 'object' && (found.kind === 'health' || found.kind === 'metrics')) {
      return pages(request, response, found.kind);
    }
    const startedAt = now();
    const address = request.socket.remoteAddress ?? '';
    const peer = peerKey(address);
    if (found === undefined || found === 'malformed') {
      count('rejected', startedAt);
      return refuse(response, blame(peer, found === undefined ? notFound : noPath));
    }
    if (closing.aborted) {
      count('unavailable', startedAt);
      return refuse(response, refusal(503, 'closing: try again later', 5));
    }
    const wrong = admission.judge(request);
    if (wrong !== undefined) {
      count('rejected', startedAt);
      return refuse(response, blame(peer, wrong));
    }
    const place = admission.enter({
      peer,
      isShared: isProxy(address),
      isSuspect: budget.isSpent(peer),
    });
    if (!('leave' in place)) {
      count('limited', startedAt);
      return refuse(response, place);
    }
    if (request.headers.expect !== undefined) response.writeContinue();
    void serve(request, response, { route: found, peer, place, startedAt });
  };
}

const notFound = refusal(404, 'not found');
const noPath = refusal(400, 'not a path');
const noHost = refusal(400, 'no usable Host header');
const unread = {
  'too-large': refusal(413, 'the body is too large'),
  'too-slow': refusal(408, 'the body came too slowly'),
} as const;
