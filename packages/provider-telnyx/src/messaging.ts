import {
  type CallOptions,
  type InboundMedia,
  type JsonObject,
  type MessagingProvider,
  positiveIntegerIn,
  type SendReceipt,
  textIn,
} from '@openclaw/telephony-core';
import { describeTelnyxError, refuse } from './errors.ts';
import { errorCodeOf, statusWordOf, toDeliveryStatus } from './message-status.ts';
import { dataOf, malformed, type RestClient } from './rest-client.ts';
import { capabilities, type SendParameters, toSendParameters } from './send-parameters.ts';

/** What {@link createTelnyxMessaging} takes. */
export interface TelnyxMessagingOptions {
  readonly rest: RestClient;
  readonly messagingProfileId: string | undefined;
  readonly fetchMedia: (media: InboundMedia, options?: CallOptions) => Promise<Response>;
}

/** The sending half: one request for one message, and never a second one. */
export function createTelnyxMessaging(
  options: TelnyxMessagingOptions,
): Required<MessagingProvider> {
  const { rest, messagingProfileId, fetchMedia } = options;
  return {
    capabilities,
    async send(message, callOptions) {
      const parameters = toSendParameters(message, messagingProfileId);
      const { json } = parameters;
      const body = await rest({ method: 'POST', path: '/messages', json }, callOptions);
      return toReceipt(dataOf(body, true), parameters);
    },
    errorCodeOf: (carrierErrorCode) => describeTelnyxError(carrierErrorCode)?.code,
    async getMessage(id, callOptions) {
      // It becomes part of a path.
      if (!/^[0-9A-Za-z-]+$/u.test(id)) {
        throw refuse('invalid_request', 'a message id of Telnyx is a UUID');
      }
      const body = await rest({ method: 'GET', path: `/messages/${id}` }, callOptions);
      const message = dataOf(body, false);
      const word = statusWordOf(message);
      if (word === undefined) throw malformed('the status of the message', false);
      const carrierErrorCode = errorCodeOf(message);
      return {
        status: toDeliveryStatus(word),
        ...(carrierErrorCode === undefined ? {} : { carrierErrorCode }),
        raw: message,
      };
    },
    fetchMedia,
  };
}

function toReceipt(message: JsonObject, { warnings }: SendParameters): SendReceipt {
  const messageId = textIn(message, 'id');
  // A proxy's friendly page has no id, and then nobody knows what became of the message.
  if (messageId === undefined) throw malformed('the id of the message', true);
  const segmentCount = positiveIntegerIn(message, 'parts');
  return {
    messageId,
    status: toDeliveryStatus(statusWordOf(message) ?? ''),
    ...(segmentCount === undefined ? {} : { segmentCount }),
    warnings,
    raw: message,
  };
}
