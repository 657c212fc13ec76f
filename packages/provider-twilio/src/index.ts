export type { TwilioHostOptions } from './base-url.ts';
export type { TwilioCredentialOptions } from './credentials.ts';
export {
  describeTwilioError,
  type TwilioErrorMeaning,
  twilioErrors,
  twilioProviderId,
} from './errors.ts';
export {
  createTwilioProvider,
  type TwilioProvider,
  type TwilioProviderOptions,
} from './provider.ts';
