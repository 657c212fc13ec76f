import { z } from 'zod';

const secretFile = z
  .string()
  .min(1)
  .describe('File that holds the secret, instead of the secret itself');
const secret = z.string().min(1).meta({ writeOnly: true });
/** One key, or several while one replaces another. */
const keys = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);
const secrets = keys.meta({ writeOnly: true });
const baseUrl = z
  .url({ protocol: /^https?$/u })
  .describe('Another address of the API: a simulator or a proxy');

/** What each carrier has to be told. */
export const carrierSections = {
  twilio: z.strictObject({
    accountSid: z
      .string()
      .startsWith('AC', 'must be AC and then 32 letters and digits')
      .describe('The account (TWILIO_ACCOUNT_SID)')
      .optional(),
    accountSidFile: z.string().min(1).describe('File that holds accountSid').optional(),
    authToken: secrets
      .describe('Checks webhooks; sends too unless an API key is given (TWILIO_AUTH_TOKEN)')
      .optional(),
    authTokenFile: secretFile.optional(),
    messagingServiceSid: z
      .string()
      .startsWith('MG', 'must be MG and then 32 letters and digits')
      .describe('A pool of senders; wins over fromNumber (TWILIO_MESSAGING_SERVICE_SID)')
      .optional(),
    apiKeySid: z
      .string()
      .startsWith('SK', 'must be SK and then 32 letters and digits')
      .describe('Key that sends instead of the auth token')
      .optional(),
    apiKeySecret: secret.describe('Secret of the API key').optional(),
    apiKeySecretFile: secretFile.optional(),
    region: z.string().min(1).describe('Region of the API, as "ie1"').optional(),
    edge: z.string().min(1).describe('Edge of the API, as "dublin"').optional(),
    baseUrl: baseUrl.optional(),
  }),
  telnyx: z.strictObject({
    apiKey: secret.describe('Sends (TELNYX_API_KEY)').optional(),
    apiKeyFile: secretFile.optional(),
    messagingProfileId: z
      .string()
      .min(1)
      .describe(
        'The profile of the numbers, and the pool without fromNumber (TELNYX_MESSAGING_PROFILE_ID)',
      )
      .optional(),
    publicKey: keys
      .describe('Checks webhooks: raw base64, SPKI or PEM (TELNYX_PUBLIC_KEY)')
      .optional(),
    publicKeyFile: secretFile.optional(),
    changesSharedProfiles: z
      .boolean()
      .describe('Lets set-up change a profile that other numbers use too')
      .default(false),
    connectionId: z
      .string()
      .min(1)
      .describe('The application of calls; nothing of it goes into a text (TELNYX_CONNECTION_ID)')
      .optional(),
    baseUrl: baseUrl.optional(),
  }),
  plivo: z.strictObject({
    authId: z.string().min(1).describe('The account (PLIVO_AUTH_ID)').optional(),
    authToken: secrets.describe('Sends, and checks webhooks (PLIVO_AUTH_TOKEN)').optional(),
    authTokenFile: secretFile.optional(),
    changesSharedApplications: z
      .boolean()
      .describe('Lets set-up change an application that other numbers use too')
      .default(false),
    powerpackUuid: z.string().min(1).describe('A pool of senders; wins over fromNumber').optional(),
    baseUrl: baseUrl.optional(),
  }),
  mock: z.strictObject({
    webhookSecret: secret.describe('Any word: signs simulated webhooks').optional(),
    webhookSecretFile: secretFile.optional(),
  }),
};

/** What decides who sends. */
export interface SenderSettings {
  readonly provider: 'twilio' | 'telnyx' | 'plivo' | 'mock';
  readonly fromNumber?: string | undefined;
  readonly sender?: 'service' | 'number' | undefined;
  readonly twilio: { readonly messagingServiceSid?: string | undefined };
  readonly telnyx: { readonly messagingProfileId?: string | undefined };
  readonly plivo: { readonly powerpackUuid?: string | undefined };
}

/**
 * The sender pool that sends, if one does: whoever names a Messaging Service or a Powerpack beside a number wants it to
 * choose. A messaging profile does not choose by itself: it belongs to every number, and is a pool only without one.
 */
export function senderPool(config: SenderSettings): string | undefined {
  if (config.sender === 'number') return undefined;
  if (config.provider === 'twilio') return config.twilio.messagingServiceSid;
  if (config.provider === 'plivo') return config.plivo.powerpackUuid;
  const pools = config.sender === 'service' || config.fromNumber === undefined;
  return config.provider === 'telnyx' && pools ? config.telnyx.messagingProfileId : undefined;
}
