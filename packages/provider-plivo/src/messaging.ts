import {
  type CallOptions,
  type InboundMedia,
  type JsonObject,
  type MessagingProvider,
  type SendReceipt,
  textIn,
} from '@openclaw/telephony-core';
import { describePlivoError, refuse } from './errors.ts';
import { toDeliveryStatus, toErrorCode } from './message-status.ts';
import { malformed, type RestClient } from './rest-client.ts';
import {
  capabilities,
  type PlivoLog,
  type SendParameters,
  toSendParameters,
} from './send-parameters.ts';

/** What {@link createPlivoMessaging} takes. */
export interface PlivoMessagingOptions {
  readonly rest: RestClient;
  readonly log: PlivoLog | undefined;
  readonly fetchMedia: (media: InboundMedia, options?: CallOptions) => Promise<Response>;
}

/** The sending half: one request for one message, and never a second one. */
export function createPlivoMessaging(options: PlivoMessagingOptions): Required<MessagingProvider> {
  const { rest, log, fetchMedia } = options;
  return {
    capabilities,
    async send(message, callOptions) {
      const parameters = toSendParameters(message, log);
      const answer = await rest({ path: '/Message/', json: parameters.json }, callOptions);
      return toReceipt(answer, parameters);
    },
    errorCodeOf: (carrierErrorCode) => describePlivoError(carrierErrorCode)?.code,
    async getMessage(id, callOptions) {
      // It becomes part of a path.
      if (!/^[0-9A-Za-z][0-9A-Za-z-]{7,63}$/u.test(id)) {
        throw refuse('invalid_request', 'a message id of Plivo is a UUID');
      }
      const record = await rest({ path: `/Message/${id}/` }, callOptions);
      const state = textIn(record, 'message_state');
      if (state === undefined) throw malformed('the state of the message', false);
      const carrierErrorCode = toErrorCode(record['error_code']);
      return {
        status: toDeliveryStatus(state),
        ...(carrierErrorCode === undefined ? {} : { carrierErrorCode }),
        raw: record,
      };
    },
    fetchMedia,
  };
}

function toReceipt(answer: JsonObject, { warnings }: SendParameters): SendReceipt {
  const messageId = firstText(answer['message_uuid']);
  if (messageId === undefined) {
    // Plivo says yes to the request, and no to its only recipient.
    if (firstText(answer['invalid_number']) !== undefined) {
      throw refuse('invalid_recipient', 'Plivo found the recipient to be no valid number');
    }
    // A proxy's friendly page has no id, and then nobody knows what became of the message.
    throw malformed('the UUID of the message', true);
  }
  return { messageId, status: 'queued', warnings, raw: answer };
}

function firstText(value: unknown): string | undefined {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.find((item): item is string => typeof item === 'string' && item !== '');
}
