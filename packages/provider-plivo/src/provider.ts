import {
  createFetchTransport,
  createMediaDownload,
  type HttpTransport,
  type MessagingProvider,
  type NumberSetup,
  type TelephonyProvider,
  type VoiceProvider,
} from '@openclaw/telephony-core';
import { type PlivoHostOptions, resolveHost } from './base-url.ts';
import { type PlivoCredentialOptions, readCredentials } from './credentials.ts';
import { plivoProviderId, toPlivoError } from './errors.ts';
import { isOwnMedia } from './own-media.ts';
import { createPlivoMessaging } from './messaging.ts';
import { createPlivoNumberSetup } from './number-setup.ts';
import { createPlivoRestClient } from './rest-client.ts';
import { type PlivoLog, requireLog } from './send-parameters.ts';
import { createPlivoVoice } from './voice.ts';
import { createPlivoWebhooks } from './webhooks.ts';

/** What {@link createPlivoProvider} takes. */
export interface PlivoProviderOptions extends PlivoCredentialOptions, PlivoHostOptions {
  /**
   * What Plivo keeps of sent messages in its own log. Default: nothing is said about it, and Plivo keeps everything.
   * `providerOptions.plivo.log` of a message goes before it.
   */
  readonly log?: PlivoLog;
  /**
   * Refuses webhooks with nothing but a V2 signature, which covers neither query nor body. Default false: such a webhook
   * is believed with `bodyAuthenticated: false`, and whoever receives it decides.
   */
  readonly requireV3?: boolean;
  /**
   * Lets `numberSetup.apply` change an application that other numbers use as well, so that their webhooks change too.
   * Default false: it refuses.
   */
  readonly changesSharedApplications?: boolean;
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

/** Everything that this version does with Plivo. */
export interface PlivoProvider extends TelephonyProvider {
  readonly messaging: Required<MessagingProvider>;
  readonly voice: VoiceProvider;
  readonly numberSetup: NumberSetup;
}

/**
 * Makes the Plivo provider: sends texts and pictures, places calls, verifies and parses webhooks, sets up numbers.
 *
 * It makes no request before a method is called, and none twice.
 *
 * @throws {TelephonyError} `invalid_request` for credentials, a host or an option that cannot be right; the message
 *   names the option and never its value
 * @example
 * const plivo = createPlivoProvider({ authId: 'MA…', authToken: 'the auth token' });
 * const receipt = await plivo.messaging.send({
 *   to: parseE164('+15550100123'),
 *   from: { kind: 'number', address: parseE164('+15550100100') },
 *   text: 'Your table is ready.',
 * });
 * @see https://www.plivo.com/docs/messaging/api/messages/
 */
export function createPlivoProvider(options: PlivoProviderOptions): PlivoProvider {
  const { fetch, mediaTimeoutMs = 60_000, requireV3 = false } = options;
  const now = options.now ?? (() => new Date());
  const credentials = readCredentials(options);
  const host = resolveHost(options);
  const transport = options.transport ?? createFetchTransport(fetch === undefined ? {} : { fetch });
  const rest = createPlivoRestClient({ host, credentials, transport, now });
  return {
    specVersion: 'v1',
    id: plivoProviderId,
    webhooks: createPlivoWebhooks({ authTokens: credentials.authTokens, requireV3 }),
    messaging: createPlivoMessaging({
      rest,
      log: options.log === undefined ? undefined : requireLog(options.log),
      fetchMedia: createMediaDownload({
        provider: plivoProviderId,
        timeoutMs: mediaTimeoutMs,
        allowsLoopback: host.isLoopback,
        authorizationFor: (url) =>
          isOwnMedia(url, host, credentials) ? credentials.authorization : undefined,
        toError: (response) =>
          toPlivoError({ ...response, sentence: undefined, now: now(), creates: false }),
        ...(fetch === undefined ? {} : { fetch }),
        ...(options.resolveAddresses ? { resolveAddresses: options.resolveAddresses } : {}),
      }),
    }),
    voice: createPlivoVoice({ rest }),
    numberSetup: createPlivoNumberSetup({
      rest,
      changesSharedApplications: options.changesSharedApplications ?? false,
      now,
    }),
  };
}
