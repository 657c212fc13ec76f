import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { WebhookVerificationError, verifyTwilioWebhook } from '@openclaw/webhook-verify/twilio';
import { resolveSignedUrl } from '@openclaw/webhook-verify/url';

async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > limitBytes) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export function createTextServer(authToken: string, publicUrl: string): Server {
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body = await readBody(request, 65_536);
      const { method = '', url: target = '', headers } = request;
      const url = resolveSignedUrl({ target, headers, encrypted: false }, { publicUrl });
      const webhook = verifyTwilioWebhook({ method, url, headers, body }, { authToken });
      response.setHeader('content-type', 'text/plain; charset=utf-8');
      response.end(`You wrote: ${webhook.parameters.get('Body') ?? ''}`);
    } catch (error) {
      if (WebhookVerificationError.isInstance(error)) console.warn(error.message);
      response.statusCode = WebhookVerificationError.isInstance(error) ? 403 : 500;
      response.end();
    }
  }
  return createServer((request, response) => {
    void answer(request, response);
  });
}
