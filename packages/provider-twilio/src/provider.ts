import {
  createFetchTransport,
  createMediaDownload,
  type HttpTransport,
  type MessagingProvider,
  type NumberSetup,
  type TelephonyProvider,
  type VoiceProvider,
} from '@openclaw/telephony-core';
import { resolveHost, type TwilioHostOptions } from './base-url.ts';
import { readCredentials, type TwilioCredentialOptions } from './credentials.ts';
import { twilioProviderId, toTwilioError } from './errors.ts';
import { isOwnMedia } from './own-media.ts';
import { createTwilioMessaging } from './messaging.ts';
import { createTwilioNumberSetup } from './number-setup.ts';
import { createTwilioRestClient } from './rest-client.ts';
import { requireServiceSid } from './send-parameters.ts';
import { createTwilioVoice } from './voice.ts';
import { createTwilioWebhooks } from './webhooks.ts';

/** What {@link createTwilioProvider} takes. */
export interface TwilioProviderOptions extends TwilioCredentialOptions, TwilioHostOptions {
  /**
   * Goes with every message that is sent from a number, so that the service's settings hold for it; the number must
   * belong to the service. A message from a sender pool names its own. `numberSetup.apply` asks Twilio whether the
   * service lets the number's own URL be called.
   */
  readonly messagingServiceSid?: string;
  /** How requests are made. Default: `createFetchTransport` with `fetch`. */
  readonly transport?: HttpTransport;
  /** For the default transport and for media. Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
  /** From the start of `fetchMedia` to the last byte; default 60,000. */
  readonly mediaTimeoutMs?: number;
  /** Finds the IP addresses of a media host, so that a name that leads into our own network is refused; default: none. */
  readonly resolveAddresses?: (hostname: string) => Promise<readonly string[]>;
  /** Default: the system's clock. */
  readonly now?: () => Date;
}

/** Everything that this version does with Twilio. */
export interface TwilioProvider extends TelephonyProvider {
  readonly messaging: Required<MessagingProvider>;
  readonly voice: Required<Omit<VoiceProvider, 'mediaStream'>>;
  readonly numberSetup: NumberSetup;
}

/**
 * Makes the Twilio provider: sends texts and pictures, places calls, verifies and parses webhooks, sets up numbers.
 *
 * It makes no request before a method is called, and none twice.
 *
 * @throws {TelephonyError} `invalid_request` for credentials, a host or a service that cannot be right; the message
 *   names the option and never its value
 * @example
 * const twilio = createTwilioProvider({ accountSid: 'AC…', authToken: 'the auth token' });
 * const receipt = await twilio.messaging.send({
 *   to: parseE164('+15550100123'),
 *   from: { kind: 'number', address: parseE164('+15550100100') },
 *   text: 'Your table is ready.',
 * });
 * @see https://www.twilio.com/docs/messaging/api/message-resource
 */
export function createTwilioProvider(options: TwilioProviderOptions): TwilioProvider {
  const { fetch, messagingServiceSid, mediaTimeoutMs = 60_000 } = options;
  const now = options.now ?? (() => new Date());
  const credentials = readCredentials(options);
  const host = resolveHost(options);
  const transport = options.transport ?? createFetchTransport(fetch === undefined ? {} : { fetch });
  const rest = createTwilioRestClient({ host, credentials, transport, now });
  return {
    specVersion: 'v1',
    id: twilioProviderId,
    webhooks: createTwilioWebhooks({ ...credentials, messagingServiceSid }),
    messaging: createTwilioMessaging({
      rest,
      messagingServiceSid:
        messagingServiceSid === undefined ? undefined : requireServiceSid(messagingServiceSid),
      fetchMedia: createMediaDownload({
        provider: twilioProviderId,
        timeoutMs: mediaTimeoutMs,
        allowsLoopback: host.isLoopback,
        authorizationFor: (url) =>
          isOwnMedia(url, host, credentials.accountSid) ? credentials.authorization : undefined,
        toError: (response) =>
          toTwilioError({ ...response, providerCode: undefined, now: now(), creates: false }),
        ...(fetch === undefined ? {} : { fetch }),
        ...(options.resolveAddresses ? { resolveAddresses: options.resolveAddresses } : {}),
      }),
    }),
    voice: createTwilioVoice({ rest }),
    numberSetup: createTwilioNumberSetup({
      rest,
      service:
        messagingServiceSid === undefined || host.messagingBase === undefined
          ? undefined
          : { sid: messagingServiceSid, root: host.messagingBase },
    }),
  };
}
