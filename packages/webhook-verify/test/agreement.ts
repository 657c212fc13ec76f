import { createRequire } from 'node:module';
import querystring from 'node:querystring';
import Telnyx from 'telnyx';
import twilio from 'twilio';
import type { PlivoVector, TelnyxVector, TwilioVector } from './vectors.ts';

/** What we call of the Plivo SDK, which is CommonJS and whose types name more than they have. */
interface PlivoSdk {
  validateV3Signature(
    method: string,
    url: string,
    nonce: string,
    token: string,
    signature: string,
    parameters?: object,
  ): boolean;
  validateSignature(url: string, nonce: string, signature: string, token: string): boolean;
}
const plivo: PlivoSdk = createRequire(import.meta.url)('plivo');

export type SdkRequest = Pick<
  TwilioVector,
  'method' | 'url' | 'rawBody' | 'authToken' | 'signature'
>;

/** An SDK that throws refuses. */
function accepts(validate: () => boolean): boolean {
  try {
    return validate();
  } catch {
    return false;
  }
}

/** `querystring` and the SDK's validator, as in the SDK's own Express middleware. */
export function twilioSdkAccepts(request: SdkRequest): boolean {
  const { authToken, signature, url, method, rawBody } = request;
  const parameters = method === 'POST' ? querystring.parse(rawBody) : {};
  return accepts(() => twilio.validateRequest(authToken, signature, url, parameters));
}

export function twilioSdkSignature(request: Omit<SdkRequest, 'signature'>): string {
  const parameters = request.method === 'POST' ? querystring.parse(request.rawBody) : {};
  return twilio.getExpectedTwilioSignature(request.authToken, request.url, parameters);
}

export function plivoV3SdkAccepts(request: SdkRequest & Pick<PlivoVector, 'nonce'>): boolean {
  const { method, url, nonce, authToken, signature, rawBody } = request;
  const parameters = method === 'POST' ? querystring.parse(rawBody) : {};
  return accepts(() =>
    plivo.validateV3Signature(method, url, nonce, authToken, signature, parameters),
  );
}

export function plivoV2SdkAccepts(
  request: Pick<PlivoVector, 'url' | 'nonce' | 'signature' | 'authToken'>,
): boolean {
  const { url, nonce, signature, authToken } = request;
  return accepts(() => plivo.validateSignature(url, nonce, signature, authToken));
}

export type TelnyxSdkRequest = Pick<TelnyxVector, 'publicKey' | 'headers' | 'body'>;

export async function telnyxSdkAccepts(request: TelnyxSdkRequest): Promise<boolean> {
  const client = new Telnyx({ apiKey: 'none', publicKey: request.publicKey });
  try {
    await client.webhooks.unwrap(request.body, { headers: { ...request.headers } });
    return true;
  } catch (error) {
    // A signature that is right and a body that is not JSON is not a refusal.
    return error instanceof SyntaxError;
  }
}
