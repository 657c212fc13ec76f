export type { PlivoHostOptions } from './base-url.ts';
export type { PlivoCredentialOptions } from './credentials.ts';
export {
  describePlivoError,
  type PlivoErrorMeaning,
  plivoErrors,
  plivoProviderId,
} from './errors.ts';
export { createPlivoProvider, type PlivoProvider, type PlivoProviderOptions } from './provider.ts';
export type { PlivoLog } from './send-parameters.ts';
