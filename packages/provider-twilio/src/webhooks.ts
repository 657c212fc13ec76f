import {
  createHandover,
  markVerified,
  TelephonyError,
  type WebhookReceiver,
  type WebhookRejectionReason,
  type WebhookRequest,
} from '@openclaw/telephony-core';
import { verifyTwilioWebhook, WebhookVerificationError } from '@openclaw/webhook-verify/twilio';
import { refuse } from './errors.ts';
import { toEvent } from './webhook-events.ts';
import { readParameters, type TwilioParameters } from './webhook-parameters.ts';

/** What {@link createTwilioWebhooks} takes. */
export interface TwilioWebhooksOptions {
  readonly accountSid: string;
  readonly authTokens: readonly string[];
  /** When set, a webhook that names another messaging service is refused. */
  readonly messagingServiceSid: string | undefined;
}

/** The receiving half: a form that is signed over its URL and its fields. */
export function createTwilioWebhooks(options: TwilioWebhooksOptions): WebhookReceiver {
  const { accountSid, authTokens, messagingServiceSid } = options;
  // What verify had to read anyway is not read twice.
  const handover = createHandover<TwilioParameters>();
  return {
    requiredHeaders: [['x-twilio-signature']],
    verify(request) {
      const { parameters } = verifySignature(request, authTokens);
      // JSON has no fields to name an account in; then only the signature vouches for it.
      if (parameters.size > 0 || request.body.length === 0) assertAccount(parameters, accountSid);
      assertService(parameters, messagingServiceSid);
      const webhook = markVerified(request, { bodyAuthenticated: true });
      handover.give(webhook, parameters);
      return webhook;
    },
    parse(webhook) {
      return [toEvent(handover.take(webhook) ?? readParameters(webhook), webhook)];
    },
    // Anything but XML is Twilio's error 12300; an empty document answers nothing to the sender.
    acknowledgement: { status: 200, contentType: 'text/xml', body: '<Response/>' },
  };
}

function verifySignature(
  request: WebhookRequest,
  authTokens: readonly string[],
): { readonly parameters: TwilioParameters } {
  try {
    return verifyTwilioWebhook(request, { authToken: authTokens });
  } catch (error) {
    if (!WebhookVerificationError.isInstance(error)) throw error;
    throw reject(error.reason, error.message);
  }
}

/** Two accounts may have been given one token by mistake, or one server the webhooks of two accounts. */
function assertAccount(parameters: TwilioParameters, accountSid: string): void {
  const named = parameters.getAll('AccountSid');
  if (named.length > 0 && named.every((sid) => sid === accountSid)) return;
  throw reject(
    'account_mismatch',
    named.length === 0
      ? 'the webhook names no account: a signed AccountSid field was expected'
      : 'the webhook is genuine and for another account than the configured accountSid',
  );
}

/** A text that came to a number of another service was meant for whoever runs that one. */
function assertService(parameters: TwilioParameters, configured: string | undefined): void {
  const named = parameters.get('MessagingServiceSid') ?? '';
  if (configured === undefined || named === '' || named === configured) return;
  throw reject(
    'account_mismatch',
    'the webhook is genuine and of another messaging service than the configured messagingServiceSid',
  );
}

function reject(reason: WebhookRejectionReason, message: string): TelephonyError {
  return refuse('webhook_rejected', message, { reason });
}
