import { WebhookVerificationError, verifyTwilioRequest } from '@openclaw/webhook-verify/twilio';

/** `export const POST = createTextRoute(token, 'https://sms.example.com')` in a `route.ts`. */
export function createTextRoute(authToken: string, publicUrl: string) {
  return async (request: Request): Promise<Response> => {
    try {
      const webhook = await verifyTwilioRequest(request, { authToken, publicUrl });
      return new Response(`You wrote: ${webhook.parameters.get('Body') ?? ''}`);
    } catch (error) {
      if (WebhookVerificationError.isInstance(error)) console.warn(error.message);
      return new Response(null, { status: WebhookVerificationError.isInstance(error) ? 403 : 500 });
    }
  };
}
