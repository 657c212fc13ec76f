import fastify, { type FastifyInstance } from 'fastify';
import { WebhookVerificationError, verifyTwilioWebhook } from '@openclaw/webhook-verify/twilio';
import { resolveSignedUrl } from '@openclaw/webhook-verify/url';

export function createTextApp(authToken: string, publicUrl: string): FastifyInstance {
  const app = fastify({ bodyLimit: 65_536 });
  // Raw bytes for every content type of this instance.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
  app.post('/twilio', async (request, reply) => {
    try {
      const { method, originalUrl: target, headers } = request;
      const body = Buffer.isBuffer(request.body) ? request.body : '';
      const url = resolveSignedUrl({ target, headers, encrypted: false }, { publicUrl });
      const webhook = verifyTwilioWebhook({ method, url, headers, body }, { authToken });
      return await reply
        .type('text/plain; charset=utf-8')
        .send(`You wrote: ${webhook.parameters.get('Body') ?? ''}`);
    } catch (error) {
      if (WebhookVerificationError.isInstance(error)) console.warn(error.message);
      return reply.code(WebhookVerificationError.isInstance(error) ? 403 : 500).send();
    }
  });
  return app;
}
