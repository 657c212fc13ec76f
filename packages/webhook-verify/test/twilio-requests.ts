import type { WebhookRequest } from '../src/request.ts';
import { signTwilioWebhook } from '../src/twilio.ts';

export const authToken = 'test0auth0token0for0vectors00000';
export const url = 'https://hooks.example.com/sms';
export const body =
  'To=%2B15005550006&From=%2B15005550001&Body=Gr%C3%BC%C3%9Fe+%26&MessageSid=SM1&AccountSid=AC1&NumMedia=0';

interface SignedRequest extends Omit<WebhookRequest, 'headers'> {
  readonly headers: Readonly<Record<string, string>>;
}

/** A text as Twilio would send it, with some of it changed before it is signed. */
export function signed(changes: Partial<SignedRequest> = {}, token = authToken): SignedRequest {
  const request = { method: 'POST', url, headers: {}, body, ...changes };
  const headers = { ...changes.headers, ...signTwilioWebhook(request, { authToken: token }) };
  return { ...request, headers };
}
