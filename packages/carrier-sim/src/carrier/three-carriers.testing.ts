import { verifyPlivoWebhook } from '@openclaw/webhook-verify/plivo';
import { verifyTelnyxWebhook } from '@openclaw/webhook-verify/telnyx';
import { verifyTwilioWebhook } from '@openclaw/webhook-verify/twilio';
import { onTestFinished } from 'vitest';
import { startPlivoSim } from '../plivo/start-plivo-sim.ts';
import { startTelnyxSim } from '../telnyx/start-telnyx-sim.ts';
import { startTwilioSim } from '../twilio/start-twilio-sim.ts';
import type { CarrierSim } from './carrier-sim.ts';
import type { LoopbackRequest } from './loopback-server.ts';
import type { SimMessage } from './message.ts';
import type { CarrierSimOptions } from './options.ts';
import {
  type ApiAnswer,
  type Application,
  formOf,
  ours,
  readAnswer,
  startApplication,
  theirs,
} from './scene.testing.ts';

/** A message to send, in words that no carrier uses. */
export interface Sending {
  readonly to?: string;
  readonly text?: string;
  readonly mediaUrls?: readonly string[];
  readonly statusUrl?: string;
}

/** What a webhook said, read with the carrier's names. */
export interface Reading {
  readonly id: string | undefined;
  readonly text: string | undefined;
  readonly status: string | undefined;
}

/** A simulator, and how one speaks with it. */
export interface Stage {
  readonly sim: CarrierSim;
  readonly application: Application;
  readonly send: (sending?: Sending) => Promise<ApiAnswer>;
  /** Asks the API about a message. */
  readonly read: (id: string) => Promise<ApiAnswer>;
  /** True when the carrier's signature is right. */
  readonly verify: (request: LoopbackRequest, url?: string) => boolean;
  readonly understand: (request: LoopbackRequest) => Reading;
}

type Options = Partial<Omit<CarrierSimOptions, 'numbers' | 'timing' | 'outcome'>> & {
  /** Words that all three carriers have. */
  readonly outcome?: (
    message: SimMessage,
  ) => { readonly status: 'sent'; readonly errorCode: number } | undefined;
  readonly timing?: { readonly receiptDelayMs?: number; readonly closeGraceMs?: number };
};

interface Carrier {
  readonly start: (options: Options, messageUrl: string) => Promise<CarrierSim>;
  readonly stage: (sim: CarrierSim) => Omit<Stage, 'sim' | 'application'>;
}

const accountSid = `AC${'0'.repeat(32)}`;
const authToken = 'test0auth0token0for0tests0000000';
const apiKey = 'KEY-of-a-test';
const authId = 'MATESTTESTTESTTESTTE';
const basic = (user: string): string =>
  `Basic ${Buffer.from(`${user}:${authToken}`).toString('base64')}`;

async function call(url: string, authorization: string, body?: unknown): Promise<ApiAnswer> {
  const form = body instanceof URLSearchParams ? body : undefined;
  const response = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      Authorization: authorization,
      ...(form === undefined ? { 'Content-Type': 'application/json' } : {}),
    },
    ...(body === undefined ? {} : { body: form ?? JSON.stringify(body) }),
  });
  return readAnswer(response);
}

function passes(check: () => unknown): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}

const asReceived = (
  request: LoopbackRequest,
): { method: string; headers: Record<string, string>; body: Uint8Array } => ({
  method: request.method,
  headers: Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  ),
  body: request.body,
});

const urlOf = (request: LoopbackRequest): string =>
  `http://${request.headers.host}${request.target}`;

const twilio: Carrier = {
  start: (options, messageUrl) =>
    startTwilioSim({ accountSid, authToken, numbers: [{ number: ours, messageUrl }], ...options }),
  stage({ url }) {
    const root = `${url}/2010-04-01/Accounts/${accountSid}/Messages`;
    return {
      send({ to = theirs, text = 'Hello', mediaUrls = [], statusUrl } = {}) {
        const form = new URLSearchParams({ To: to, From: ours, Body: text });
        for (const mediaUrl of mediaUrls) form.append('MediaUrl', mediaUrl);
        if (statusUrl !== undefined) form.set('StatusCallback', statusUrl);
        return call(`${root}.json`, basic(accountSid), form);
      },
      read: (id) => call(`${root}/${id}.json`, basic(accountSid)),
      verify: (request, publicUrl = urlOf(request)) =>
        passes(() =>
          verifyTwilioWebhook({ url: publicUrl, ...asReceived(request) }, { authToken }),
        ),
      understand(request) {
        const form = formOf(request);
        return {
          id: form.get('MessageSid') ?? undefined,
          text: form.get('Body') ?? undefined,
          status: form.get('MessageStatus') ?? undefined,
        };
      },
    };
  },
};

/** The seed of the first Ed25519 test vector (RFC 8032 §7.1), and its public key. */
export const telnyxKey = {
  privateKey: Buffer.from(
    '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    'hex',
  ).toString('base64'),
  publicKey: Buffer.from(
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    'hex',
  ).toString('base64'),
};

function at(value: unknown, ...path: readonly (string | number)[]): string | undefined {
  let found = value;
  for (const step of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = Object.getOwnPropertyDescriptor(found, step)?.value;
  }
  return typeof found === 'string' ? found : undefined;
}

const telnyx: Carrier = {
  start: (options, messageUrl) =>
    startTelnyxSim({
      apiKey,
      privateKey: telnyxKey.privateKey,
      numbers: [{ number: ours, messageUrl }],
      ...options,
    }),
  stage({ url }) {
    const root = `${url}/v2/messages`;
    return {
      send: ({ to = theirs, text = 'Hello', mediaUrls = [], statusUrl } = {}) =>
        call(root, `Bearer ${apiKey}`, {
          from: ours,
          to,
          text,
          ...(mediaUrls.length === 0 ? {} : { media_urls: mediaUrls }),
          ...(statusUrl === undefined
            ? { use_profile_webhooks: false }
            : { webhook_url: statusUrl }),
        }),
      read: (id) => call(`${root}/${id}`, `Bearer ${apiKey}`),
      verify: (request) =>
        passes(() => verifyTelnyxWebhook(asReceived(request), { publicKey: telnyxKey.publicKey })),
      understand({ body }) {
        const event: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
        const isText = at(event, 'data', 'event_type') === 'message.received';
        return {
          id: at(event, 'data', 'payload', 'id'),
          text: at(event, 'data', 'payload', 'text'),
          status: isText ? undefined : at(event, 'data', 'payload', 'to', 0, 'status'),
        };
      },
    };
  },
};

const plivo: Carrier = {
  start: (options, messageUrl) =>
    startPlivoSim({
      authId,
      authToken,
      numbers: [{ number: ours, messageUrl }],
      ...options,
      timing: { retryAcceleration: 100_000, ...options.timing },
    }),
  stage({ url }) {
    const root = `${url}/v1/Account/${authId}/Message/`;
    return {
      send: ({ to = theirs, text = 'Hello', mediaUrls = [], statusUrl } = {}) =>
        call(root, basic(authId), {
          src: ours,
          dst: to,
          text,
          ...(mediaUrls.length === 0 ? {} : { type: 'mms', media_urls: mediaUrls }),
          ...(statusUrl === undefined ? {} : { url: statusUrl }),
        }),
      read: (id) => call(`${root}${id}/`, basic(authId)),
      verify: (request, publicUrl = urlOf(request)) =>
        passes(() =>
          verifyPlivoWebhook(
            { url: publicUrl, ...asReceived(request) },
            { authToken, requireV3: true },
          ),
        ),
      understand(request) {
        const form = formOf(request);
        return {
          id: form.get('MessageUUID') ?? undefined,
          text: form.get('Text') ?? form.get('Body') ?? undefined,
          status: form.get('Status') ?? undefined,
        };
      },
    };
  },
};

const carriers = { twilio, telnyx, plivo };
export const carrierNames = ['twilio', 'telnyx', 'plivo'] as const;

/** A simulator with one number whose texts go to an application, both closed at the end of the test. */
export async function openStage(
  carrier: (typeof carrierNames)[number],
  options: Options = {},
): Promise<Stage> {
  const application = await startApplication();
  const { start, stage } = carriers[carrier];
  const sim = await start(options, `${application.url}/sms`);
  onTestFinished(() => sim.close());
  return { sim, application, ...stage(sim) };
}
