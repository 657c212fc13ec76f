import { signPlivoV2Webhook, signPlivoV3Webhook } from '@openclaw/webhook-verify/plivo';
import type { WebhookDraft } from '../carrier/faulty-delivery.ts';
import { randomDigits } from '../carrier/random-id.ts';
import { deliverWithRetries } from '../carrier/retrying-delivery.ts';
import type { WebhookAttempt, WebhookMessage } from '../carrier/webhook-request.ts';
import type { PlivoContext } from './context.ts';
import type { PlivoSignatures } from './options.ts';

/** A webhook before it is signed. */
export interface UnsignedWebhook {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly parameters: URLSearchParams;
  /** The subaccount that it is about; undefined for the account itself. */
  readonly subaccount: string | undefined;
  /** Calls are always signed with V3, and tried twice only. */
  readonly isOfCall?: boolean;
}

interface Tokens {
  readonly authToken: string;
  readonly mainAuthToken: string;
  readonly signatures: PlivoSignatures;
}

/** Plivo's tries after the first one. */
const pausesMs: readonly number[] = [60_000, 120_000, 240_000];

/** How patient Plivo is when it asks what to do in a call. */
const callTimeouts = { connectTimeoutMs: 2_000, readTimeoutMs: 40_000 };

/** What Plivo asks a second time in a call: when it could not connect, or got no reply in time. */
function gotNoAnswer({ status }: WebhookAttempt): boolean {
  return status === undefined;
}

/** Writes a webhook as Plivo sends it: a signed form, or a signed query for `GET`. */
export function signedWebhook(context: PlivoContext, webhook: UnsignedWebhook): WebhookMessage {
  return sign(context, unsigned(webhook), tokensFor(context, webhook));
}

/** A webhook on its way. Each try has a nonce of its own. */
export function draftWebhook(context: PlivoContext, webhook: UnsignedWebhook): WebhookDraft {
  const plain = unsigned(webhook);
  const tokens = tokensFor(context, webhook);
  const {
    foreignToken,
    options: { timing = {} },
  } = context;
  const { isOfCall = false } = webhook;
  const written = new Map<number, WebhookMessage>();
  const compose = (attempt: number): WebhookMessage => {
    // A duplicate has the same bytes.
    const message = written.get(attempt) ?? sign(context, plain, tokens);
    written.set(attempt, message);
    return message;
  };
  return {
    first: compose(1),
    forge: () =>
      sign(context, plain, { ...tokens, authToken: foreignToken, mainAuthToken: foreignToken }),
    send: (options) =>
      deliverWithRetries(
        context,
        {
          urls: [plain.url],
          compose,
          ...(isOfCall
            ? { pausesMs: [1], timeouts: { ...callTimeouts, ...timing }, again: gotNoAnswer }
            : { pausesMs }),
        },
        options,
      ),
  };
}

function unsigned({ url, method, parameters }: UnsignedWebhook): WebhookMessage {
  const address = url.replace(/#.*$/u, '');
  const form = parameters.toString();
  const headers: [string, string][] = [
    ['User-Agent', 'Plivo'],
    ['Accept', '*/*'],
  ];
  if (method === 'GET') {
    const requested = `${address}${address.includes('?') ? '&' : '?'}${form}`;
    return { method, url: requested, headers, body: new Uint8Array() };
  }
  headers.push(['Content-Type', 'application/x-www-form-urlencoded']);
  return { method, url: address, headers, body: Buffer.from(form) };
}

function tokensFor({ options }: PlivoContext, { subaccount, isOfCall }: UnsignedWebhook): Tokens {
  const { authToken, subaccounts = [], signatures = 'v3-and-v2' } = options;
  const own = subaccounts.find(({ authId }) => authId === subaccount);
  return {
    authToken: own?.authToken ?? authToken,
    mainAuthToken: authToken,
    signatures: isOfCall === true ? 'v3' : signatures,
  };
}

function sign(
  { random, foreignToken }: PlivoContext,
  message: WebhookMessage,
  { signatures, ...tokens }: Tokens,
): WebhookMessage {
  const request = { ...message, headers: Object.fromEntries(message.headers) };
  const nonce = (): string => randomDigits(20, random);
  const plainV3 = signatures === 'ma-v3' ? { ...tokens, authToken: foreignToken } : tokens;
  const signed = {
    ...(signatures === 'v2' ? {} : signPlivoV3Webhook(request, { ...plainV3, nonce: nonce() })),
    ...(signatures === 'v2' || signatures === 'v3-and-v2'
      ? signPlivoV2Webhook(request, { ...tokens, nonce: nonce() })
      : {}),
  };
  const headers = Object.entries(signed).map(([name, value]) => [headerCase(name), value] as const);
  return { ...message, headers: [...message.headers, ...headers, ['Connection', 'close']] };
}

/** `x-plivo-signature-ma-v3` as `X-Plivo-Signature-Ma-V3`. */
function headerCase(name: string): string {
  return name.replaceAll(/(^|-)([a-z])/gu, (match) => match.toUpperCase());
}
