import { exchange } from './http-exchange.ts';
import { type OriginRoutes, routeTo } from './origin-routes.ts';
import type { AttemptLimits, WebhookAttempt, WebhookMessage } from './webhook-request.ts';

/** What {@link createWebhookSender} takes. */
export interface WebhookSenderOptions {
  readonly origins: OriginRoutes;
  readonly now: () => number;
  /** A longer reply is no reply. */
  readonly maxReplyBytes: number;
}

/** One try at delivering a webhook. */
export interface WebhookSender {
  send(
    message: WebhookMessage,
    options: AttemptLimits & { readonly signal: AbortSignal; readonly hangUp?: boolean },
  ): Promise<WebhookAttempt>;
}

/** Sends webhooks byte for byte and reports what came back. Never throws, never tries again. */
export function createWebhookSender(options: WebhookSenderOptions): WebhookSender {
  const { origins, now, maxReplyBytes } = options;
  return {
    async send(message, { hangUp = false, ...limits }) {
      const startedAt = now();
      const url = message.url.replace(/#.*$/u, '');
      const finish = (
        result: Pick<WebhookAttempt, 'status' | 'error' | 'contentType'>,
        replyBody = '',
      ): WebhookAttempt => ({ url, durationMs: now() - startedAt, replyBody, ...result });

      const route = routeTo(url, origins);
      if (typeof route === 'string') return finish({ error: route });
      const { method, headers, body } = message;
      const result = await exchange({
        route,
        method,
        headers,
        body,
        maxReplyBytes,
        hangUp,
        ...limits,
      });
      if ('error' in result) return finish(result);
      const { status, contentType } = result;
      return finish(
        { status, ...(contentType === undefined ? {} : { contentType }) },
        result.body.toString('utf8'),
      );
    },
  };
}
