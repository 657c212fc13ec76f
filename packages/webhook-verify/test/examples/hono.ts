import { Hono } from 'hono';
import { WebhookVerificationError, verifyTelnyxRequest } from '@openclaw/webhook-verify/telnyx';

export function createTextApp(publicKey: string): Hono {
  const app = new Hono();
  app.post('/telnyx', async (context) => {
    try {
      const webhook = await verifyTelnyxRequest(context.req.raw, { publicKey });
      return context.json({ received: webhook.eventId });
    } catch (error) {
      if (WebhookVerificationError.isInstance(error)) console.warn(error.message);
      return context.body(null, WebhookVerificationError.isInstance(error) ? 403 : 500);
    }
  });
  return app;
}
