import {
  type MessagingProvider,
  type OutboundMessage,
  TelephonyError,
  type TelephonyErrorDetails,
} from '@openclaw/telephony-core';
import type { Stage } from './fixtures.ts';
import { createPigeonProvider, pigeonContract } from './pigeon-contract.testing.ts';
import { createPigeonMessaging, pigeonError } from './pigeon-messaging.testing.ts';

type Send = MessagingProvider['send'];
interface Sending {
  readonly send: Send;
  readonly getMessage: Required<MessagingProvider>['getMessage'];
  readonly fetchMedia: Required<MessagingProvider>['fetchMedia'];
}

/** A provider whose sending half is another. */
export const withMessaging = (
  change: (honest: Sending, stage: Stage) => Partial<MessagingProvider>,
) =>
  pigeonContract((stage) => {
    const provider = createPigeonProvider(stage);
    const { messaging } = provider;
    const honest: Sending = {
      send: (message, options) => messaging.send(message, options),
      getMessage: (id, options) => messaging.getMessage(id, options),
      fetchMedia: (media, options) => messaging.fetchMedia(media, options),
    };
    return { ...provider, messaging: { ...messaging, ...change(honest, stage) } };
  });
/** A provider that sends in another way. */
export const withSend = (change: (send: Send, stage: Stage) => Send) =>
  withMessaging(({ send }, stage) => ({ send: change(send, stage) }));
/** A provider that speaks HTTP in another way. */
export const withStage = (change: (stage: Stage) => Stage) =>
  withMessaging((_, stage) => createPigeonMessaging(change(stage)));
/** A provider that asks for something else. */
export const withTransport = (change: (transport: Stage['transport']) => Stage['transport']) =>
  withStage((stage) => ({ ...stage, transport: change(stage.transport) }));
/** A provider that reports failures in another way. */
export const withFailure = (change: (error: TelephonyError, message: OutboundMessage) => unknown) =>
  withSend(
    (send) => (message, options) =>
      send(message, options).catch((error: unknown) => {
        throw error instanceof TelephonyError ? change(error, message) : error;
      }),
  );
/** A message as a caller without types could write it. */
export const changed = (message: OutboundMessage, change: object): OutboundMessage =>
  Object.assign({ ...message }, change);
/** What an error carries beside its code and message. */
export const detailsOf = ({ outcome, retryAfterMs, httpStatus, providerCode }: TelephonyError) => ({
  outcome,
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  ...(httpStatus === undefined ? {} : { httpStatus }),
  ...(providerCode === undefined ? {} : { providerCode }),
});
/** The same error with something else in it. */
export const copyOf = (
  error: TelephonyError,
  details: Partial<TelephonyErrorDetails>,
  message = error.message,
) =>
  new TelephonyError(error.code, message, {
    ...detailsOf(error),
    ...details,
    provider: error.provider,
  });
/** The same error without the time to wait. */
export const withoutTime = (error: TelephonyError): TelephonyError => {
  const { retryAfterMs: _, ...details } = detailsOf(error);
  return pigeonError(error.code, details);
};
