import {
  markVerified,
  type MessageEvent,
  type TelephonyEvent,
  type WebhookReceiver,
  type WebhookRequest,
} from '@openclaw/telephony-core';
import { describe, expect, it } from 'vitest';
import { failuresOf } from './collecting-runner.testing.ts';
import { contractValues } from './contract-values.ts';
import type { Stage } from './fixtures.ts';
import { createPigeonProvider, pigeonContract } from './pigeon-contract.testing.ts';
import { pigeonError } from './pigeon-messaging.testing.ts';
import { createPigeonWebhooks, type PigeonBody } from './pigeon-webhooks.testing.ts';

interface Receiving {
  readonly verify: WebhookReceiver['verify'];
  readonly parse: WebhookReceiver['parse'];
}

/** A provider whose receiving half is another. */
const withWebhooks = (
  change: (honest: Receiving, stage: Stage) => Partial<WebhookReceiver>,
  signs: PigeonBody = 'bytes',
) =>
  pigeonContract((stage) => {
    const provider = createPigeonProvider(stage, signs);
    const { webhooks } = provider;
    const honest: Receiving = {
      verify: (request) => webhooks.verify(request),
      parse: (webhook) => webhooks.parse(webhook),
    };
    return { ...provider, webhooks: { ...webhooks, ...change(honest, stage) } };
  }, signs);
const withVerify = (
  change: (verify: WebhookReceiver['verify']) => (request: WebhookRequest) => unknown,
  signs?: PigeonBody,
) =>
  withWebhooks(({ verify }) => {
    const changed = change(verify);
    return {
      verify(request) {
        changed(request);
        return markVerified(request, { bodyAuthenticated: true });
      },
    };
  }, signs);
const withEvent = (change: (event: TelephonyEvent) => TelephonyEvent) =>
  withWebhooks(({ parse }) => ({ parse: (webhook) => parse(webhook).map(change) }));
type Received = Extract<MessageEvent, { readonly type: 'message.received' }>;
type Reported = Extract<MessageEvent, { readonly type: 'message.status' }>;
const withReceived = (change: (event: Received) => TelephonyEvent) =>
  withEvent((event) => (event.type === 'message.received' ? change(event) : event));
const withReported = (change: (event: Reported) => TelephonyEvent) =>
  withEvent((event) => (event.type === 'message.status' ? change(event) : event));
const withMessage = (change: (message: Received['message']) => Partial<Received['message']>) =>
  withReceived((event) => ({ ...event, message: { ...event.message, ...change(event.message) } }));
const reasonIn = (error: unknown): unknown =>
  error instanceof Error && 'reason' in error ? error.reason : undefined;
const textOf = ({ body }: WebhookRequest): string => new TextDecoder().decode(body);
const withKey = (event: TelephonyEvent, dedupeKey: string): TelephonyEvent => ({
  ...event,
  dedupeKey,
});
let count = 0;
const nextCount = (): number => {
  count += 1;
  return count;
};

describe('a provider that receives badly', () => {
  it.each([
    [
      'believes everything',
      withVerify(() => () => undefined),
      /refuses one that was signed with another secret: it should have failed/u,
    ],
    [
      'does not look at the URL',
      withVerify((verify) => (request) => {
        const method = request.method === 'GET' ? request.url : contractValues.webhookUrl;
        return verify({ ...request, url: method });
      }),
      /refuses one that was meant for another URL: it should have failed/u,
    ],
    [
      'does not look at the clock',
      withVerify((verify) => (request) => {
        try {
          verify(request);
        } catch (error) {
          if (reasonIn(error) !== 'timestamp_out_of_tolerance') throw error;
        }
      }),
      /refuses one that is future, and believes one within the tolerance: it should have failed/u,
    ],
    [
      'knows only the first of two secrets',
      withWebhooks((_, stage) => createPigeonWebhooks(stage, ['first-secret'], 'bytes')),
      /believes one that the second of two secrets signed: the pigeon failed/u,
    ],
    [
      'throws a plain error over a header that is not ASCII',
      withVerify((verify) => (request) => {
        for (const value of request.headers.values()) btoa(value.replace('é', '中'));
        return verify(request);
      }),
      /says which header is missing, .*: it failed with something else than a TelephonyError/u,
    ],
    [
      'does not say why',
      withVerify((verify) => (request) => {
        try {
          verify(request);
        } catch {
          throw pigeonError('webhook_rejected');
        }
      }),
      /the error has no reason of the contract/u,
    ],
    [
      'shows the body in the error',
      withVerify((verify) => (request) => {
        try {
          verify(request);
        } catch {
          const cause = new Error(textOf(request));
          throw pigeonError('webhook_rejected', { reason: 'signature_mismatch', cause });
        }
      }),
      /the error shows the number of the person, .*the text of the message/u,
    ],
    [
      'trusts a forwarded host',
      withVerify((verify) => (request) => {
        const url = new URL(request.url);
        url.host = request.headers.get('x-forwarded-host') ?? url.host;
        return verify({ ...request, url: url.href });
      }),
      /does not let a forwarded header stand for the URL: it should have failed/u,
    ],
    [
      'returns a webhook that was never marked',
      withWebhooks(({ verify }) => ({ verify: (request) => ({ ...verify(request) }) })),
      /verify returned something that markVerified did not make/u,
    ],
    [
      'says that the body is not authenticated',
      withWebhooks(({ verify }) => ({
        verify: (request) => markVerified(verify(request), { bodyAuthenticated: false }),
      })),
      /bodyAuthenticated is not what the scheme says/u,
    ],
    [
      'minds the order of parameters',
      withVerify(
        (verify) => (request) => {
          const [first] = textOf(request).split('&');
          const ordered = request.method === 'GET' || first?.startsWith('text=') !== true;
          if (!ordered) throw pigeonError('webhook_rejected', { reason: 'signature_mismatch' });
          return verify(request);
        },
        'parameters',
      ),
      /believes re-ordered parameters, as the same event: the pigeon failed/u,
    ],
    [
      'throws over an event that it does not know',
      withWebhooks(({ parse }) => ({
        parse(webhook) {
          const events = parse(webhook);
          if (events.some(({ type }) => type === 'unknown')) throw new TypeError('no such event');
          return events;
        },
      })),
      /makes an event of an empty object, .*: no such event/u,
    ],
    [
      'drops an event that it does not know',
      withWebhooks(({ parse }) => ({
        parse: (webhook) => parse(webhook).filter(({ type }) => type !== 'unknown'),
      })),
      /a webhook became no event/u,
    ],
    [
      'gives an event another key each time',
      withEvent((event) => withKey(event, String(nextCount()))),
      /parse is not pure/u,
    ],
    [
      'makes the key from a header that is not signed',
      withWebhooks(({ parse }) => ({
        parse: (webhook) =>
          parse(webhook).map((event) =>
            withKey(event, webhook.headers.get('idempotency-key') ?? event.dedupeKey),
          ),
      })),
      /makes no key from what is not signed/u,
    ],
    [
      'makes the key from the time of the request',
      withWebhooks(({ parse }) => ({
        parse: (webhook) =>
          parse(webhook).map((event) => withKey(event, webhook.headers.get('x-pigeon-time') ?? '')),
      })),
      /gives one event one key, each time that it is sent/u,
    ],
    [
      'gives all steps of a message one key',
      withReported((event) => ({ ...event, dedupeKey: event.messageId })),
      /two steps have one key/u,
    ],
    [
      'takes a picture without a text for a receipt',
      withReceived(({ message, ...event }) =>
        message.text === ''
          ? { ...event, type: 'message.status', messageId: message.id, status: 'unrecognized' }
          : { ...event, message },
      ),
      /a picture without a text: it became message\.status/u,
    ],
    [
      'takes a receipt for a text',
      withReported(({ dedupeKey, raw, messageId }) => ({
        type: 'message.received',
        dedupeKey,
        raw,
        message: {
          id: messageId,
          from: contractValues.person,
          to: contractValues.ownNumber,
          text: '',
          media: [],
        },
      })),
      /sent is sent: a receipt became message\.received/u,
    ],
    [
      'guesses what a new status means',
      withReported((event) => ({
        ...event,
        status: event.status === 'unrecognized' ? 'failed' : event.status,
      })),
      /takes a word that it does not know, and keeps it/u,
    ],
    [
      'does not keep the carrier’s words',
      withEvent((event) => ({ ...event, raw: {} })),
      /takes a word that it does not know, and keeps it: raw lacks the new word/u,
    ],
    [
      'drops the error code',
      withReported((event) => {
        const { carrierErrorCode: _, ...rest } = event;
        return rest;
      }),
      /tells the carrier’s error code, and none where there is none/u,
    ],
    [
      'loses all pictures but one',
      withMessage(({ media }) => ({ media: media.slice(0, 1) })),
      /several pictures: /u,
    ],
    [
      'turns pictures around',
      withMessage(({ media }) => ({ media: media.toReversed() })),
      /several pictures: /u,
    ],
    [
      'drops whoever is no number',
      withReceived((event) =>
        event.message.from.startsWith('+')
          ? event
          : { type: 'unknown', dedupeKey: event.dedupeKey, raw: event.raw },
      ),
      /a text from an alphanumeric sender: it became unknown/u,
    ],
    [
      'trims what people write',
      withMessage(({ text }) => ({ text: text.replaceAll('"', '') })),
      /inbound > a text: /u,
    ],
    [
      'makes an opt-out of the text by itself',
      withMessage(({ text }) => (text === 'STOP' ? { optOut: 'stop' } : {})),
      /inbound > STOP: /u,
    ],
    [
      'takes the prefix of a channel away',
      withMessage(() => ({ from: contractValues.person, to: contractValues.ownNumber })),
      /a text on another channel keeps its prefix: /u,
    ],
    [
      'answers with an error',
      withWebhooks(() => ({ acknowledgement: { status: 500 } })),
      /has an acknowledgement that can be sent: the carrier would send it again/u,
    ],
  ])('fails the kit: it %s', async (_, contract, expected) => {
    expect((await failuresOf(contract)).join('\n')).toMatch(expected);
  });
});
