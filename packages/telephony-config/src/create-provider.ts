import { lookup } from 'node:dns/promises';
import { createMockProvider } from '@openclaw/provider-mock';
import { createPlivoProvider } from '@openclaw/provider-plivo';
import { createTelnyxProvider } from '@openclaw/provider-telnyx';
import { createTwilioProvider } from '@openclaw/provider-twilio';
import {
  type HttpTransport,
  markVerified,
  TelephonyError,
  type TelephonyProvider,
} from '@openclaw/telephony-core';
import { ConfigError } from './config-error.ts';
import { given } from './given.ts';
import type { TelephonyConfig } from './schema.ts';
import { createUndiciTransport } from './undici-transport.ts';

/** What {@link createProvider} takes beside a configuration. */
export interface CreateProviderOptions {
  /** How requests are made; default: {@link createUndiciTransport}. */
  readonly transport?: HttpTransport;
}

/**
 * Makes the provider that a configuration names. The one place that knows every carrier.
 *
 * @throws {ConfigError} when a credential is missing that the carrier needs
 * @example
 * const provider = createProvider(await loadConfig({ file: 'telephony.json5' }));
 */
export function createProvider(
  config: TelephonyConfig,
  options: CreateProviderOptions = {},
): TelephonyProvider {
  const transport = options.transport ?? createUndiciTransport();
  const provider = makers[config.provider](config, transport);
  return config.skipSignatureVerification ? withoutVerification(provider) : provider;
}

const makers: {
  readonly [Name in TelephonyConfig['provider']]: (
    config: TelephonyConfig,
    transport: HttpTransport,
  ) => TelephonyProvider;
} = {
  twilio({ twilio }, transport) {
    const { accountSid, authToken, messagingServiceSid, apiKeySid, apiKeySecret } = twilio;
    const { region, edge, baseUrl } = twilio;
    if (accountSid === undefined) throw missing('twilio.accountSid', 'TWILIO_ACCOUNT_SID');
    if (authToken === undefined)
      throw missing('twilio.authToken', 'TWILIO_AUTH_TOKEN', checksWebhooks);
    // What was copied from an example has the first letters, and is none.
    checkForm('twilio.accountSid', accountSid, sid('AC'));
    if (apiKeySid !== undefined) checkForm('twilio.apiKeySid', apiKeySid, sid('SK'));
    if (messagingServiceSid !== undefined) {
      checkForm('twilio.messagingServiceSid', messagingServiceSid, sid('MG'));
    }
    if ((apiKeySid === undefined) !== (apiKeySecret === undefined)) {
      throw unusable('twilio.apiKeySid and twilio.apiKeySecret belong together: one is missing');
    }
    return createTwilioProvider({
      transport,
      resolveAddresses,
      accountSid,
      authToken,
      ...(apiKeySid !== undefined && apiKeySecret !== undefined
        ? { apiKey: { sid: apiKeySid, secret: apiKeySecret } }
        : {}),
      ...given({ messagingServiceSid, region, edge, baseUrl }),
    });
  },
  telnyx({ telnyx }, transport) {
    const { apiKey, publicKey, messagingProfileId, connectionId, baseUrl } = telnyx;
    if (apiKey === undefined) throw missing('telnyx.apiKey', 'TELNYX_API_KEY');
    if (publicKey === undefined)
      throw missing('telnyx.publicKey', 'TELNYX_PUBLIC_KEY', checksWebhooks);
    return createTelnyxProvider({
      transport,
      resolveAddresses,
      apiKey,
      publicKey,
      changesSharedProfiles: telnyx.changesSharedProfiles,
      ...given({ messagingProfileId, connectionId, baseUrl }),
    });
  },
  plivo({ plivo }, transport) {
    const { authId, authToken, baseUrl } = plivo;
    if (authId === undefined) throw missing('plivo.authId', 'PLIVO_AUTH_ID');
    if (authToken === undefined)
      throw missing('plivo.authToken', 'PLIVO_AUTH_TOKEN', checksWebhooks);
    checkForm('plivo.authId', authId, [
      /^[MS]A[0-9A-Za-z]+$/u,
      'MA, or SA for a subaccount, and then letters and digits',
    ]);
    const { changesSharedApplications } = plivo;
    return createPlivoProvider({
      transport,
      resolveAddresses,
      authId,
      authToken,
      changesSharedApplications,
      ...given({ baseUrl }),
    });
  },
  mock({ mock: { webhookSecret } }) {
    if (webhookSecret === undefined) {
      throw unusable(
        'mock.webhookSecret is missing: choose any word; simulated webhooks are signed with it',
      );
    }
    return createMockProvider({ webhookSecret });
  },
};

type Form = readonly [form: RegExp, words: string];
const sid = (letters: string): Form => [
  new RegExp(`^${letters}[0-9A-Za-z]+$`, 'u'),
  `${letters} and then 32 letters and digits`,
];

/** @throws {ConfigError} in the words of the setting */
function checkForm(setting: string, value: string, [form, words]: Form): void {
  if (!form.test(value)) throw unusable(`${setting} must be ${words}`);
}

const checksWebhooks = ': it checks that webhooks are genuine';

const unusable = (problem: string): ConfigError => new ConfigError([problem], 'the configuration');
const missing = (setting: string, variable: string, why = ''): ConfigError =>
  unusable(`${setting} is missing (${variable})${why}`);

/** A name that leads into our own network is no place to fetch a picture from. */
const resolveAddresses = async (hostname: string): Promise<readonly string[]> =>
  (await lookup(hostname, { all: true })).map(({ address }) => address);

/** For a person at their own desk: the schema refuses it on any address that others reach. */
function withoutVerification(provider: TelephonyProvider): TelephonyProvider {
  return {
    ...provider,
    webhooks: {
      ...provider.webhooks,
      requiredHeaders: [],
      verify(request) {
        // A page in a browser of this machine could post here as well, and would say where it comes from.
        if (request.headers.has('origin')) {
          throw new TelephonyError('webhook_rejected', 'a browser sent this, not a carrier', {
            provider: provider.id,
            outcome: 'not-performed',
            reason: 'malformed_request',
          });
        }
        return markVerified(request, { bodyAuthenticated: true });
      },
    },
  };
}
