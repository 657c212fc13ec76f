import {
  type CallOptions,
  type InboundMedia,
  type JsonObject,
  type MessagingProvider,
  type SendReceipt,
  textIn,
} from '@openclaw/telephony-core';
import { describeTwilioError, refuse } from './errors.ts';
import { toDeliveryStatus } from './message-status.ts';
import { malformed, type RestClient } from './rest-client.ts';
import { capabilities, type SendParameters, toSendParameters } from './send-parameters.ts';

/** What {@link createTwilioMessaging} takes. */
export interface TwilioMessagingOptions {
  readonly rest: RestClient;
  readonly messagingServiceSid: string | undefined;
  readonly fetchMedia: (media: InboundMedia, options?: CallOptions) => Promise<Response>;
}

/** The sending half: one request for one message, and never a second one. */
export function createTwilioMessaging(
  options: TwilioMessagingOptions,
): Required<MessagingProvider> {
  const { rest, messagingServiceSid, fetchMedia } = options;
  return {
    capabilities,
    async send(message, callOptions) {
      const parameters = toSendParameters(message, messagingServiceSid);
      const resource = await rest({ path: '/Messages.json', form: parameters.form }, callOptions);
      return toReceipt(resource, parameters);
    },
    errorCodeOf: (carrierErrorCode) => describeTwilioError(carrierErrorCode)?.code,
    async getMessage(id, callOptions) {
      // It becomes part of a path.
      if (!/^(?:SM|MM)[0-9A-Za-z]+$/u.test(id)) {
        throw refuse('invalid_request', 'a message id of Twilio starts with SM or MM');
      }
      const resource = await rest({ path: `/Messages/${id}.json` }, callOptions);
      const status = textIn(resource, 'status');
      if (status === undefined) throw malformed('the status of the message', false);
      const { error_code: errorCode } = resource;
      return {
        status: toDeliveryStatus(status),
        ...(typeof errorCode === 'number' && errorCode > 0
          ? { carrierErrorCode: String(errorCode) }
          : {}),
        raw: resource,
      };
    },
    fetchMedia,
  };
}

function toReceipt(resource: JsonObject, { warnings }: SendParameters): SendReceipt {
  const messageId = textIn(resource, 'sid');
  // A proxy's friendly page has no SID, and then nobody knows what became of the message.
  if (messageId === undefined) throw malformed('the SID of the message', true);
  const segmentCount = Number(textIn(resource, 'num_segments') ?? 0);
  return {
    messageId,
    status: toDeliveryStatus(textIn(resource, 'status') ?? ''),
    // With a messaging service, Twilio counts later and says "0" for now.
    ...(Number.isSafeInteger(segmentCount) && segmentCount > 0 ? { segmentCount } : {}),
    warnings,
    raw: resource,
  };
}
