import express, { type Express } from 'express';
import { WebhookVerificationError, verifyPlivoWebhook } from '@openclaw/webhook-verify/plivo';
import { resolveSignedUrl } from '@openclaw/webhook-verify/url';

export function createTextApp(authToken: string, publicUrl: string): Express {
  const app = express();
  // Raw bytes for this route: express.urlencoded() would throw them away.
  app.post('/plivo', express.raw({ type: () => true, limit: '64kb' }), (request, response) => {
    try {
      const { method, originalUrl: target, headers } = request;
      // Without a body Express leaves undefined or an empty object here. What another parser took
      // before us is no body any more, and is refused.
      const wasParsed = Object.keys(request.body ?? {}).length > 0;
      const body = Buffer.isBuffer(request.body) || wasParsed ? request.body : '';
      const url = resolveSignedUrl({ target, headers, encrypted: false }, { publicUrl });
      const webhook = verifyPlivoWebhook({ method, url, headers, body }, { authToken });
      response.type('text/plain').send(`You wrote: ${webhook.parameters.get('Text') ?? ''}`);
    } catch (error) {
      if (WebhookVerificationError.isInstance(error)) console.warn(error.message);
      response.sendStatus(WebhookVerificationError.isInstance(error) ? 403 : 500);
    }
  });
  return app;
}
