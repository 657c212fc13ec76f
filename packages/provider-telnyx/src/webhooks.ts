import {
  createHandover,
  markVerified,
  type VerifiedWebhook,
  type WebhookReceiver,
  type WebhookRequest,
} from '@openclaw/telephony-core';
import {
  type VerifiedTelnyxWebhook,
  verifyTelnyxWebhook,
  WebhookVerificationError,
} from '@openclaw/webhook-verify/telnyx';
import { refuse } from './errors.ts';
import { toEvent } from './webhook-events.ts';

/** What {@link createTelnyxWebhooks} takes. */
export interface TelnyxWebhooksOptions {
  readonly publicKeys: readonly string[];
  readonly now: () => Date;
}

/** The receiving half: JSON whose raw bytes are signed together with the time. */
export function createTelnyxWebhooks({ publicKeys, now }: TelnyxWebhooksOptions): WebhookReceiver {
  // What verify had to read anyway is not read twice.
  const handover = createHandover<VerifiedTelnyxWebhook>();
  return {
    requiredHeaders: [['telnyx-signature-ed25519'], ['telnyx-timestamp']],
    verify(request) {
      const read = verifySignature(request, publicKeys, now);
      const webhook = markVerified(request, { bodyAuthenticated: true });
      handover.give(webhook, read);
      return webhook;
    },
    parse(webhook) {
      return [toEvent(jsonOf(webhook, handover.take(webhook)), webhook.body)];
    },
    // Any 2xx will do, and nobody reads the body.
    acknowledgement: { status: 200 },
  };
}

function verifySignature(
  request: WebhookRequest,
  publicKeys: readonly string[],
  now: () => Date,
): VerifiedTelnyxWebhook {
  try {
    return verifyTelnyxWebhook(request, { publicKey: publicKeys, now: () => now().getTime() });
  } catch (error) {
    if (!WebhookVerificationError.isInstance(error)) throw error;
    throw refuse('webhook_rejected', error.message, { reason: error.reason });
  }
}

const textOf = ({ body }: WebhookRequest): string => new TextDecoder().decode(body);

/** What is no JSON is kept as text. */
function jsonOf(webhook: VerifiedWebhook, read: VerifiedTelnyxWebhook | undefined): unknown {
  try {
    return read === undefined ? JSON.parse(textOf(webhook)) : read.json();
  } catch {
    return textOf(webhook);
  }
}
