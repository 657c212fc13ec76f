/** One credential of a carrier. */
export interface Credential {
  readonly key: string;
  /** The variable that stands for it in the default account. */
  readonly variable?: string;
  /** The setting that names a file with it. */
  readonly file?: string;
  /** Kept out of everything that is shown; may be a SecretRef. */
  readonly secret: boolean;
  /** Nothing can be sent or received without it. */
  readonly required: boolean;
}

/** The carriers, and what each of them knows us by. */
export const credentials: { readonly [carrier in CarrierName]: readonly Credential[] } = {
  twilio: [
    {
      key: 'accountSid',
      variable: 'TWILIO_ACCOUNT_SID',
      file: 'accountSidFile',
      secret: false,
      required: true,
    },
    {
      key: 'authToken',
      variable: 'TWILIO_AUTH_TOKEN',
      file: 'authTokenFile',
      secret: true,
      required: true,
    },
    { key: 'apiKeySecret', file: 'apiKeySecretFile', secret: true, required: false },
  ],
  telnyx: [
    {
      key: 'apiKey',
      variable: 'TELNYX_API_KEY',
      file: 'apiKeyFile',
      secret: true,
      required: true,
    },
    {
      key: 'publicKey',
      variable: 'TELNYX_PUBLIC_KEY',
      file: 'publicKeyFile',
      secret: true,
      required: true,
    },
  ],
  plivo: [
    { key: 'authId', variable: 'PLIVO_AUTH_ID', secret: false, required: true },
    {
      key: 'authToken',
      variable: 'PLIVO_AUTH_TOKEN',
      file: 'authTokenFile',
      secret: true,
      required: true,
    },
  ],
  mock: [{ key: 'webhookSecret', secret: true, required: true }],
};

/** Which carrier. */
export type CarrierName = 'twilio' | 'telnyx' | 'plivo' | 'mock';

export const isCarrierName = (value: unknown): value is CarrierName =>
  typeof value === 'string' && Object.hasOwn(credentials, value);
