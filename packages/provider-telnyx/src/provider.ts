import {
  createFetchTransport,
  createMediaDownload,
  type HttpTransport,
  type MessagingProvider,
  type NumberSetup,
  type TelephonyProvider,
  type VoiceProvider,
} from '@openclaw/telephony-core';
import { resolveHost, type TelnyxHostOptions } from './base-url.ts';
import { readCredentials, type TelnyxCredentialOptions } from './credentials.ts';
import { refuse, telnyxProviderId, toTelnyxError } from './errors.ts';
import { createTelnyxMessaging } from './messaging.ts';
import { createTelnyxNumberSetup } from './number-setup.ts';
import { createTelnyxRestClient } from './rest-client.ts';
import { requireProfileId } from './send-parameters.ts';
import { createTelnyxVoice } from './voice.ts';
import { createTelnyxWebhooks } from './webhooks.ts';

/** What {@link createTelnyxProvider} takes. */
export interface TelnyxProviderOptions extends TelnyxCredentialOptions, TelnyxHostOptions {
  /**
   * Goes with every message that is sent from a number or a sender name, which must belong to the profile; a sender
   * name needs one. A message from a sender pool names its own.
   */
  readonly messagingProfileId?: string;
  /** The Call Control application that calls belong to. Without it, calls are only taken or declined. */
  readonly connectionId?: string;
  /**
   * Lets `numberSetup.apply` change a messaging profile that serves other numbers too, whose webhook then changes
   * with it. Default: false, which refuses.
   */
  readonly changesSharedProfiles?: boolean;
  /** How requests are made. Default: `createFetchTransport` with `fetch`. */
  readonly transport?: HttpTransport;
  /** For the default transport and for media. Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
  /** From the start of `fetchMedia` to the last byte; default 60,000. */
  readonly mediaTimeoutMs?: number;
  /** Finds the IP addresses of a media host, so that a name that leads into our own network is refused; default: none. */
  readonly resolveAddresses?: (hostname: string) => Promise<readonly string[]>;
  /** For the age of webhooks, and for `Retry-After` with a date. Default: the system's clock. */
  readonly now?: () => Date;
}

/** Everything that this version does with Telnyx. */
export interface TelnyxProvider extends TelephonyProvider {
  readonly messaging: Required<MessagingProvider>;
  /** `placeCall` is refused without a `connectionId`. */
  readonly voice: Required<Omit<VoiceProvider, 'mediaStream'>>;
  readonly numberSetup: NumberSetup;
}

/**
 * Makes the Telnyx provider: sends texts and pictures, places calls, verifies and parses webhooks, sets up numbers.
 *
 * It makes no request before a method is called, and none twice.
 *
 * @throws {TelephonyError} `invalid_request` for credentials, a host or a profile that cannot be right; the message
 *   names the option and never its value
 * @example
 * const telnyx = createTelnyxProvider({ apiKey: 'KEY…', publicKey: 'the public key' });
 * const receipt = await telnyx.messaging.send({
 *   to: parseE164('+15550100123'),
 *   from: { kind: 'number', address: parseE164('+15550100100') },
 *   text: 'Your table is ready.',
 * });
 * @see https://developers.telnyx.com/api-reference/messages/send-a-message
 */
export function createTelnyxProvider(options: TelnyxProviderOptions): TelnyxProvider {
  const { fetch, connectionId, changesSharedProfiles = false, mediaTimeoutMs = 60_000 } = options;
  const now = options.now ?? (() => new Date());
  const credentials = readCredentials(options);
  const host = resolveHost(options);
  const messagingProfileId =
    options.messagingProfileId === undefined
      ? undefined
      : requireProfileId(options.messagingProfileId);
  if (connectionId !== undefined && connectionId.trim() === '') {
    throw refuse('invalid_request', 'connectionId is empty: leave it out, or set it');
  }
  const transport = options.transport ?? createFetchTransport(fetch === undefined ? {} : { fetch });
  const rest = createTelnyxRestClient({ host, credentials, transport, now });
  return {
    specVersion: 'v1',
    id: telnyxProviderId,
    webhooks: createTelnyxWebhooks({ publicKeys: credentials.publicKeys, now }),
    messaging: createTelnyxMessaging({
      rest,
      messagingProfileId,
      fetchMedia: createMediaDownload({
        provider: telnyxProviderId,
        timeoutMs: mediaTimeoutMs,
        allowsLoopback: host.isLoopback,
        toError: (response) =>
          toTelnyxError({ ...response, errors: [], now: now(), creates: false }),
        ...(fetch === undefined ? {} : { fetch }),
        ...(options.resolveAddresses ? { resolveAddresses: options.resolveAddresses } : {}),
      }),
    }),
    voice: createTelnyxVoice({ rest, connectionId }),
    numberSetup: createTelnyxNumberSetup({ rest, messagingProfileId, changesSharedProfiles }),
  };
}
