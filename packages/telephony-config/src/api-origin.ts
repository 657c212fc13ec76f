import type { TelephonyConfig } from './schema.ts';

const origins = {
  twilio: 'https://api.twilio.com',
  telnyx: 'https://api.telnyx.com',
  plivo: 'https://api.plivo.com',
} as const;

/** Where the carrier's API is, for a look at its clock; `undefined` for one without a network. */
export function apiOrigin(config: TelephonyConfig): URL | undefined {
  if (config.provider === 'mock') return undefined;
  return new URL(config[config.provider].baseUrl ?? origins[config.provider]);
}
