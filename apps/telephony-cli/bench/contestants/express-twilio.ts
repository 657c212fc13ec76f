// The usual way, as the carrier documents it: express 5, the middleware and the writer of answers of the carrier's own SDK.
// It checks the signature and stores nothing.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import twilio from 'twilio';
import { authToken, publicOrigin, webhookPath } from './account.data.ts';
import { announce } from './ready.ts';

type Middleware = ReturnType<typeof twilio.webhook>;
interface Reply {
  type(contentType: string): Reply;
  send(body: string): void;
}
type Answerer = (request: unknown, response: Reply) => void;
/** What is used of express, whose types are a package of their own. */
interface Application {
  (request: IncomingMessage, response: ServerResponse): void;
  use(middleware: Middleware): void;
  post(path: string, ...handlers: [Middleware, Answerer]): void;
}
interface Express {
  (): Application;
  urlencoded(options: { readonly extended: boolean }): Middleware;
}

const require = createRequire(import.meta.url);
const express: Express = require('express');
const app = express();
const { host } = new URL(publicOrigin);
app.use(express.urlencoded({ extended: false }));
app.post(
  webhookPath,
  // The middleware makes the URL of the request, as behind every proxy that ends TLS.
  twilio.webhook(authToken, { protocol: 'https', host }),
  (_request, response) =>
    response.type('text/xml').send(new twilio.twiml.MessagingResponse().toString()),
);
await announce(createServer(app));
