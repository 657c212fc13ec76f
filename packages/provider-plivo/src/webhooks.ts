import {
  createHandover,
  markVerified,
  type TelephonyError,
  type WebhookReceiver,
  type WebhookRejectionReason,
  type WebhookRequest,
} from '@openclaw/telephony-core';
import {
  verifyPlivoWebhook,
  type VerifiedPlivoWebhook,
  WebhookVerificationError,
} from '@openclaw/webhook-verify/plivo';
import { refuse } from './errors.ts';
import { toEvent } from './webhook-events.ts';
import { type PlivoParameters, readParameters } from './webhook-parameters.ts';

/** What {@link createPlivoWebhooks} takes. */
export interface PlivoWebhooksOptions {
  readonly authTokens: readonly string[];
  readonly requireV3: boolean;
}

const v3Headers = ['x-plivo-signature-v3', 'x-plivo-signature-ma-v3'];
const v2Headers = ['x-plivo-signature-v2', 'x-plivo-signature-ma-v2'];

/** The receiving half: a form, signed over its URL and fields (V3), or over its URL alone (V2). */
export function createPlivoWebhooks(options: PlivoWebhooksOptions): WebhookReceiver {
  const { requireV3 } = options;
  // What verify had to read anyway is not read twice.
  const handover = createHandover<PlivoParameters>();
  return {
    requiredHeaders: requireV3
      ? [v3Headers, ['x-plivo-signature-v3-nonce']]
      : [
          [...v3Headers, ...v2Headers],
          ['x-plivo-signature-v3-nonce', 'x-plivo-signature-v2-nonce'],
        ],
    verify(request) {
      const { parameters, bodyAuthenticated } = verifySignature(request, options);
      // Plivo signs calls with V3 always, so one without it is somebody else's.
      if (!bodyAuthenticated && parameters.has('CallUUID')) {
        throw reject('missing_header', `a webhook of a call needs one of ${v3Headers.join(', ')}`);
      }
      const webhook = markVerified(request, { bodyAuthenticated });
      handover.give(webhook, parameters);
      return webhook;
    },
    parse(webhook) {
      return [toEvent(handover.take(webhook) ?? readParameters(webhook), webhook)];
    },
    // Plivo reads an answer as XML; an empty document answers nothing to the sender.
    acknowledgement: { status: 200, contentType: 'text/xml', body: '<Response/>' },
  };
}

function verifySignature(
  request: WebhookRequest,
  { authTokens, requireV3 }: PlivoWebhooksOptions,
): VerifiedPlivoWebhook {
  try {
    return verifyPlivoWebhook(request, { authToken: authTokens, requireV3 });
  } catch (error) {
    if (!WebhookVerificationError.isInstance(error)) throw error;
    throw reject(error.reason, error.message);
  }
}

function reject(reason: WebhookRejectionReason, message: string): TelephonyError {
  return refuse('webhook_rejected', message, { reason });
}
