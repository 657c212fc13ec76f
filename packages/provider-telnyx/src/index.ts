export type { TelnyxHostOptions } from './base-url.ts';
export type { TelnyxCredentialOptions } from './credentials.ts';
export {
  describeTelnyxError,
  type TelnyxErrorMeaning,
  telnyxErrors,
  telnyxProviderId,
} from './errors.ts';
export {
  createTelnyxProvider,
  type TelnyxProvider,
  type TelnyxProviderOptions,
} from './provider.ts';
