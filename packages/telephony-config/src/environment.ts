type CarrierSection = 'twilio' | 'telnyx' | 'plivo';

/** Variables that configure the default account, and where their values go. A value in the file wins. */
const variables: readonly (readonly [
  name: string,
  section: CarrierSection | undefined,
  key: string,
])[] = [
  ['TWILIO_ACCOUNT_SID', 'twilio', 'accountSid'],
  ['TWILIO_AUTH_TOKEN', 'twilio', 'authToken'],
  ['TWILIO_MESSAGING_SERVICE_SID', 'twilio', 'messagingServiceSid'],
  ['TWILIO_PHONE_NUMBER', undefined, 'fromNumber'],
  ['TWILIO_SMS_FROM', undefined, 'fromNumber'],
  ['TELNYX_API_KEY', 'telnyx', 'apiKey'],
  ['TELNYX_MESSAGING_PROFILE_ID', 'telnyx', 'messagingProfileId'],
  ['TELNYX_PUBLIC_KEY', 'telnyx', 'publicKey'],
  ['TELNYX_CONNECTION_ID', 'telnyx', 'connectionId'],
  ['PLIVO_AUTH_ID', 'plivo', 'authId'],
  ['PLIVO_AUTH_TOKEN', 'plivo', 'authToken'],
];

/** Environment variables, as `process.env` has them. */
export type Environment = { readonly [name: string]: string | undefined };
type Section = { readonly [key: string]: unknown };

const isSection = (value: unknown): value is Section =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Fills what a configuration leaves open from the environment. Empty variables count as absent. */
export function withEnvironment(config: Section, environment: Environment): Section {
  let filled: Section = config;
  for (const [name, section, key] of variables) {
    const value = environment[name];
    if (value === undefined || value === '') continue;
    const inner = section === undefined ? filled : (filled[section] ?? {});
    // A section of another type is left for the schema to refuse.
    if (!isSection(inner) || inner[key] !== undefined || inner[`${key}File`] !== undefined)
      continue;
    const changed = { ...inner, [key]: value };
    filled = section === undefined ? changed : { ...filled, [section]: changed };
  }
  const provider = filled['provider'] ?? onlyCarrier(environment);
  return provider === undefined ? filled : { ...filled, provider };
}

/** The carrier whose account the environment names, when it names one and no other. */
function onlyCarrier(environment: Environment): string | undefined {
  const accounts = {
    twilio: 'TWILIO_ACCOUNT_SID',
    telnyx: 'TELNYX_API_KEY',
    plivo: 'PLIVO_AUTH_ID',
  };
  const named = Object.entries(accounts).filter(
    ([, variable]) => (environment[variable] ?? '') !== '',
  );
  return named.length === 1 ? named[0]?.[0] : undefined;
}
