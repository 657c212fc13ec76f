import { z } from 'zod';

const secretFile = z
  .string()
  .min(1)
  .describe('File that holds the secret, instead of the secret itself');
/** One secret, or several while one replaces another. */
const secrets = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);
const baseUrl = z
  .url({ protocol: /^https?$/u })
  .describe('Another address of the API: a simulator or a proxy');

/** What each carrier has to be told. */
export const carrierSections = {
  twilio: z.strictObject({
    accountSid: z.string().startsWith('AC', 'must begin with AC').optional(),
    authToken: secrets.optional().describe('Checks webhooks; sends too unless an API key is given'),
    authTokenFile: secretFile.optional(),
    messagingServiceSid: z.string().startsWith('MG', 'must begin with MG').optional(),
    apiKeySid: z.string().startsWith('SK', 'must begin with SK').optional(),
    apiKeySecret: z.string().min(1).optional(),
    apiKeySecretFile: secretFile.optional(),
    region: z.string().optional(),
    edge: z.string().optional(),
    baseUrl: baseUrl.optional(),
  }),
  telnyx: z.strictObject({
    apiKey: z.string().min(1).optional(),
    apiKeyFile: secretFile.optional(),
    messagingProfileId: z.string().min(1).optional(),
    publicKey: secrets.optional().describe('Checks webhooks: raw base64, SPKI or PEM'),
    publicKeyFile: secretFile.optional(),
    changesSharedProfiles: z
      .boolean()
      .default(false)
      .describe('Lets set-up change a profile that other numbers use too'),
    connectionId: z
      .string()
      .min(1)
      .optional()
      .describe('For calls; nothing of it goes into a text'),
    baseUrl: baseUrl.optional(),
  }),
  plivo: z.strictObject({
    authId: z.string().min(1).optional(),
    authToken: secrets.optional().describe('Sends, and checks webhooks'),
    authTokenFile: secretFile.optional(),
    changesSharedApplications: z
      .boolean()
      .default(false)
      .describe('Lets set-up change an application that other numbers use too'),
    powerpackUuid: z.string().min(1).optional(),
    baseUrl: baseUrl.optional(),
  }),
  mock: z.strictObject({
    webhookSecret: z.string().min(1).optional().describe('Signs simulated webhooks'),
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
