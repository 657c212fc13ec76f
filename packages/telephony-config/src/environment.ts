/** Variables that configure the default account, and where their values go. A value in the file wins. */
const variables: readonly (readonly [name: string, section: 'twilio' | undefined, key: string])[] =
  [
    ['TWILIO_ACCOUNT_SID', 'twilio', 'accountSid'],
    ['TWILIO_AUTH_TOKEN', 'twilio', 'authToken'],
    ['TWILIO_MESSAGING_SERVICE_SID', 'twilio', 'messagingServiceSid'],
    ['TWILIO_PHONE_NUMBER', undefined, 'fromNumber'],
    ['TWILIO_SMS_FROM', undefined, 'fromNumber'],
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
  return filled;
}
