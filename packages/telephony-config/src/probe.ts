import { mockSignatureHeader, signMockWebhook } from '@openclaw/provider-mock';
import { signPlivoV3Webhook } from '@openclaw/webhook-verify/plivo';
import { signTwilioWebhook } from '@openclaw/webhook-verify/twilio';
import type { TelephonyConfig } from './schema.ts';

/** A webhook that is signed as the carrier would sign it, and says nothing that a server acts on. */
export interface Probe {
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
}

/**
 * Makes a webhook with which a person can try whether their own endpoint accepts what is genuine. A carrier that signs with
 * a private key cannot be played: then there is none.
 *
 * @param url the public URL, as the carrier would call it
 */
export function createProbe(config: TelephonyConfig, url: string): Probe | undefined {
  if (config.provider === 'mock') {
    const body = '{"type":"probe"}';
    return { headers: signMockWebhook(body, config.mock.webhookSecret ?? ''), body };
  }
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  if (config.provider === 'twilio') {
    const { accountSid = '', authToken = '' } = config.twilio;
    const body = new URLSearchParams({ AccountSid: accountSid, Probe: 'doctor' }).toString();
    const request = { method: 'POST', url, headers, body };
    const signature = signTwilioWebhook(request, { authToken: first(authToken) });
    return { headers: { ...headers, ...signature }, body };
  }
  if (config.provider === 'plivo') {
    const body = new URLSearchParams({ Probe: 'doctor' }).toString();
    const request = { method: 'POST', url, headers, body };
    const authToken = first(config.plivo.authToken ?? '');
    return { headers: { ...headers, ...signPlivoV3Webhook(request, { authToken }) }, body };
  }
  return undefined;
}

/** The same with a signature that is well-formed and wrong. */
export function forgeProbe({ headers, body }: Probe): Probe {
  const signatures = new Set([
    'x-twilio-signature',
    'x-plivo-signature-v3',
    'x-plivo-signature-ma-v3',
    mockSignatureHeader,
  ]);
  const forged = Object.entries(headers).map(([name, value]): [string, string] => [
    name,
    signatures.has(name.toLowerCase()) ? turn(value) : value,
  ]);
  return { headers: Object.fromEntries(forged), body };
}

/** Another character of the same alphabet in the first place. */
const turn = (signature: string): string =>
  (signature.startsWith('a') ? 'b' : 'a') + signature.slice(1);
const first = (secrets: string | readonly string[]): string =>
  typeof secrets === 'string' ? secrets : (secrets[0] ?? '');
