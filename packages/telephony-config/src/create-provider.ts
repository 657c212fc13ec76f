import type { TelephonyProvider } from '@openclaw/telephony-core';
import { markVerified } from '@openclaw/telephony-core';
import { createMockProvider } from '@openclaw/provider-mock';
import { createTwilioProvider } from '@openclaw/provider-twilio';
import { ConfigError } from './config-error.ts';
import type { TelephonyConfig } from './schema.ts';

/**
 * Makes the provider that a configuration names. The one place that knows every carrier.
 *
 * @throws {ConfigError} when a credential is missing that the carrier needs
 */
export function createProvider(config: TelephonyConfig): TelephonyProvider {
  const provider = config.provider === 'twilio' ? twilio(config) : mock(config);
  return config.skipSignatureVerification ? withoutVerification(provider) : provider;
}

function twilio({ twilio: section }: TelephonyConfig): TelephonyProvider {
  const { accountSid, authToken, apiKeySid, apiKeySecret, region, edge, baseUrl } = section;
  if (accountSid === undefined || authToken === undefined) {
    const missing = [
      ...(accountSid === undefined ? ['twilio.accountSid is missing (TWILIO_ACCOUNT_SID)'] : []),
      ...(authToken === undefined
        ? ['twilio.authToken is missing (TWILIO_AUTH_TOKEN): it checks that webhooks are genuine']
        : []),
    ];
    throw new ConfigError(missing, 'the configuration');
  }
  if ((apiKeySid === undefined) !== (apiKeySecret === undefined)) {
    throw new ConfigError(
      ['twilio.apiKeySid and twilio.apiKeySecret belong together: one is missing'],
      'the configuration',
    );
  }
  return createTwilioProvider({
    accountSid,
    authToken,
    ...(apiKeySid !== undefined && apiKeySecret !== undefined
      ? { apiKey: { sid: apiKeySid, secret: apiKeySecret } }
      : {}),
    ...(region === undefined ? {} : { region }),
    ...(edge === undefined ? {} : { edge }),
    ...(baseUrl === undefined ? {} : { baseUrl }),
  });
}

function mock({ mock: section }: TelephonyConfig): TelephonyProvider {
  if (section.webhookSecret === undefined) {
    throw new ConfigError(
      ['mock.webhookSecret is missing: choose any word; simulated webhooks are signed with it'],
      'the configuration',
    );
  }
  return createMockProvider({ webhookSecret: section.webhookSecret });
}

/** For a person at their own desk: the schema refuses it on any address that others reach. */
function withoutVerification(provider: TelephonyProvider): TelephonyProvider {
  return {
    ...provider,
    webhooks: {
      ...provider.webhooks,
      requiredHeaders: [],
      verify: (request) => markVerified(request, { bodyAuthenticated: true }),
    },
  };
}
