import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import {
  isChannelAddress,
  isE164,
  isMessageAddress,
  isOptOutKeyword,
  markVerified,
  type TelephonyEvent,
  type WebhookReceiver,
  type WebhookRejectionReason,
} from '@openclaw/telephony-core';
import type { Stage, UnsignedWebhook } from './fixtures.ts';
import { parseRecord, pigeon, pigeonError, toStatus } from './pigeon-messaging.testing.ts';

/** What the pigeon signs of a body: its bytes (of JSON), or the parameters of a form. */
export type PigeonBody = 'bytes' | 'parameters';

/** How far the pigeon's clock may be off. */
export const pigeonToleranceMs = 300_000;

const signatureHeader = 'x-pigeon-signature';
const timeHeader = 'x-pigeon-time';

/** Signs a webhook of the pigeon. */
export function signPigeonWebhook(
  { method, url, body }: Pick<UnsignedWebhook, 'method' | 'url' | 'body'>,
  secret: string,
  signedAt: Date,
  signs: PigeonBody,
): Record<string, string> {
  const time = String(Math.floor(signedAt.getTime() / 1000));
  return {
    [timeHeader]: time,
    [signatureHeader]: signatureOf(method, url, body, time, secret, signs),
  };
}

function signatureOf(
  method: string,
  url: string,
  body: string,
  time: string,
  secret: string,
  signs: PigeonBody,
): string {
  const signed =
    signs === 'bytes'
      ? body
      : JSON.stringify([...new URLSearchParams(body)].map((field) => field.join('=')).toSorted());
  return createHmac('sha256', secret).update(`${method} ${url} ${time} ${signed}`).digest('hex');
}

const reject = (reason: WebhookRejectionReason) => pigeonError('webhook_rejected', { reason });

/** An honest provider's receiving half. */
export function createPigeonWebhooks(
  stage: Pick<Stage, 'now'>,
  secrets: readonly string[],
  signs: PigeonBody,
): WebhookReceiver {
  return {
    requiredHeaders: [[signatureHeader], [timeHeader]],
    verify(request) {
      const signature = request.headers.get(signatureHeader);
      const time = request.headers.get(timeHeader);
      if (!signature || !time) throw reject('missing_header');
      if (!/^\d{1,12}$/u.test(time) || !/^[0-9a-f]{64}$/u.test(signature)) {
        throw reject('malformed_header');
      }
      const { method, url } = request;
      const body = Buffer.from(request.body).toString('latin1');
      const given = Buffer.from(signature);
      const matches = secrets.some((secret) => {
        const text = signs === 'bytes' ? Buffer.from(body, 'latin1').toString() : body;
        return timingSafeEqual(
          Buffer.from(signatureOf(method, url, text, time, secret, signs)),
          given,
        );
      });
      if (!matches) throw reject('signature_mismatch');
      if (Math.abs(Number(time) * 1000 - stage.now().getTime()) > pigeonToleranceMs) {
        throw reject('timestamp_out_of_tolerance');
      }
      return markVerified(request, { bodyAuthenticated: true });
    },
    parse({ method, url, body }) {
      const text = method === 'GET' ? new URL(url).search : new TextDecoder().decode(body);
      const fields =
        signs === 'bytes' && method !== 'GET'
          ? (parseRecord(text) ?? {})
          : Object.fromEntries(new URLSearchParams(text));
      return [toEvent(fields)];
    },
    acknowledgement: { status: 204 },
  };
}

function toEvent(raw: Readonly<Record<string, unknown>>): TelephonyEvent {
  const fields = Object.entries(raw).map((field) => JSON.stringify(field));
  const digest = createHash('sha256').update(fields.toSorted().join());
  const base = { dedupeKey: `${pigeon.id}:${digest.digest('hex')}`, raw };
  const { id, status, code } = raw;
  const [from, to, text = '', media = '', optOut] = ['from', 'to', 'text', 'media', 'optOut'].map(
    (name) => (typeof raw[name] === 'string' ? raw[name] : undefined),
  );
  if (typeof id !== 'string' || id === '') return { ...base, type: 'unknown' };
  if (typeof status === 'string') {
    return {
      ...base,
      type: 'message.status',
      messageId: id,
      status: toStatus(status),
      ...(typeof code === 'string' ? { carrierErrorCode: code } : {}),
    };
  }
  if (from === undefined || to === undefined) return { ...base, type: 'unknown' };
  if (!isMessageAddress(from) || !(isE164(to) || isChannelAddress(to))) {
    return { ...base, type: 'unknown' };
  }
  const urls = media.split(' ').map((url) => URL.parse(url));
  return {
    ...base,
    type: 'message.received',
    message: {
      id,
      from,
      to,
      text,
      media: urls.flatMap((url) => (url === null ? [] : [{ url }])),
      ...(isOptOutKeyword(optOut) ? { optOut } : {}),
    },
  };
}
