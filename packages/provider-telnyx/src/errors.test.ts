import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeTelnyxError, telnyxErrors } from './errors.ts';
import {
  type Answer,
  answering,
  apiKey,
  create,
  envelope,
  failureOf,
  hello,
  messageId,
  otherPrivateKey,
  ourNumber,
  signedJson,
  theirNumber,
} from './fake-telnyx.testing.ts';

const sendTo = (answer: Answer | (() => Promise<never>)) =>
  failureOf(create(answering(answer)).messaging.send(hello));
const refusal = (
  status: number,
  code?: string | number,
  { headers = {}, pointer }: { headers?: Record<string, string>; pointer?: string } = {},
): Answer => ({
  status,
  headers,
  body: {
    errors: [
      {
        code,
        title: `${theirNumber} is wrong`,
        detail: `The 'to' address ${theirNumber} is wrong`,
        ...(pointer === undefined ? {} : { source: { pointer } }),
      },
    ],
  },
});
const waiting = async (headers: Record<string, string>, status = 429) =>
  (await sendTo(refusal(status, '10011', { headers }))).retryAfterMs;
const failing = (failure: unknown) => () => Promise.reject(failure);
const systemError = (code: string): Error =>
  new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code }) });

const breakingOff = async () => ({
  status: 200,
  header: () => undefined,
  text: () => Promise.reject(systemError('ECONNRESET')),
});

describe('what Telnyx refuses', () => {
  it.each([
    [refusal(401, '10009'), 'auth_failed'],
    [refusal(403, '10010'), 'permission_denied'],
    [refusal(403, '20013'), 'account_blocked'],
    [refusal(402, '20100'), 'account_blocked'],
    [refusal(402), 'account_blocked'],
    [refusal(402, '99999'), 'account_blocked'],
    [refusal(409, '40300'), 'recipient_opted_out'],
    [refusal(400, 40300), 'recipient_opted_out'],
    [refusal(400, '40310'), 'invalid_recipient'],
    [refusal(400, '40305'), 'sender_not_allowed'],
    [refusal(400, '40306'), 'sender_not_allowed'],
    [refusal(400, '40010'), 'sender_not_allowed'],
    [refusal(400, '40302'), 'invalid_request'],
    [refusal(400, '40316'), 'invalid_request'],
    [refusal(400, '40317'), 'invalid_request'],
    [refusal(400, '40312'), 'account_blocked'],
    [refusal(400, '40322'), 'content_rejected'],
    [refusal(422, '10015'), 'invalid_request'],
    [refusal(429, '10011'), 'rate_limited'],
    [refusal(429, '40318'), 'limit_reached'],
    [refusal(429, '40333'), 'limit_reached'],
    [refusal(429, '40300'), 'rate_limited'],
    [refusal(429), 'rate_limited'],
    [refusal(400, '99999'), 'invalid_request'],
    [refusal(401), 'auth_failed'],
    [refusal(403), 'permission_denied'],
    [refusal(404, '10005'), 'not_found'],
    [refusal(404), 'not_found'],
    [{ status: 400, body: '<html>' }, 'invalid_request'],
    [{ status: 400, body: { errors: 'all' } }, 'invalid_request'],
  ])('is never sent: %j is %s', async (answer, code) => {
    const error = await sendTo(answer);
    expect(error).toMatchObject({
      code,
      provider: 'telnyx',
      outcome: 'not-performed',
      httpStatus: answer.status,
    });
  });

  it.each([
    ['/to', 'invalid_recipient'],
    ['/to/0', 'invalid_recipient'],
    ['/from', 'sender_not_allowed'],
    ['/from/phone_number', 'sender_not_allowed'],
    ['/text', 'invalid_request'],
    ['/topping', 'invalid_request'],
    [undefined, 'invalid_request'],
  ])('is about the end of the message that %j points to: %s', async (pointer, code) => {
    const error = await sendTo(refusal(400, '10002', pointer === undefined ? {} : { pointer }));
    expect(error).toMatchObject({ code, providerCode: '10002' });
  });

  it('is explained by number, with a link, and never in Telnyx’s own words', async () => {
    const error = await sendTo(refusal(400, '40300'));
    expect(error.providerCode).toBe('40300');
    expect(error.message).toBe(
      'Telnyx answered 400 with error 40300: the recipient has opted out with STOP. ' +
        'See https://developers.telnyx.com/docs/overview/errors/40300',
    );
    expect((await sendTo(refusal(400, '99999'))).message).toBe(
      'Telnyx answered 400 with error 99999. See https://developers.telnyx.com/docs/overview/errors/99999',
    );
    expect((await sendTo(refusal(400))).message).toBe('Telnyx answered 400');
    expect((await sendTo(refusal(400, theirNumber))).message).toBe('Telnyx answered 400');
  });

  it('is judged by the first of several errors that means something to us', async () => {
    const body = { errors: [{ code: '99999' }, null, { code: '40300' }, { code: '40310' }] };
    expect(await sendTo({ status: 400, body })).toMatchObject({
      code: 'recipient_opted_out',
      providerCode: '40300',
    });
  });

  it('says how long to wait when Telnyx does', async () => {
    expect(await waiting({ 'x-ratelimit-reset': '7' })).toBe(7000);
    expect(await waiting({ 'retry-after': '3', 'x-ratelimit-reset': '7' })).toBe(3000);
    expect(await waiting({ 'retry-after': 'Fri, 20 Nov 2026 12:00:30 GMT' })).toBe(30_000);
    expect(await waiting({})).toBeUndefined();
    expect(await waiting({ 'x-ratelimit-reset': 'soon' })).toBeUndefined();
    // Telnyx sends it with every answer.
    expect(await waiting({ 'x-ratelimit-reset': '7' }, 400)).toBeUndefined();
  });
});

describe('a failure after which the message may exist', () => {
  it.each([
    [{ status: 500, body: 'oops' }, 'provider_unavailable'],
    [refusal(500, '10007'), 'provider_unavailable'],
    [refusal(500, '40310'), 'provider_unavailable'],
    [refusal(503), 'provider_unavailable'],
    [refusal(408, '10008'), 'timeout'],
    [refusal(408), 'timeout'],
    [refusal(408, '40310'), 'timeout'],
    [refusal(499), 'timeout'],
    [{ status: 499, body: '<html>' }, 'timeout'],
    [{ status: 302, body: '' }, 'malformed_response'],
    [{ status: 200, body: '<html>Welcome</html>' }, 'malformed_response'],
    [{ status: 200, body: '{"data":{"id":"4038' }, 'malformed_response'],
    [{ status: 200, body: '[]' }, 'malformed_response'],
    [{ status: 200, body: '' }, 'malformed_response'],
    [{ status: 200, body: {} }, 'malformed_response'],
    [{ status: 200, body: { data: [] } }, 'malformed_response'],
    [{ status: 200, body: { data: { id: '' } } }, 'malformed_response'],
    [{ status: 200, body: { data: { id: 7 } } }, 'malformed_response'],
  ])('has an unknown outcome: %j is %s', async (answer, code) => {
    expect(await sendTo(answer)).toMatchObject({ code, outcome: 'unknown' });
  });

  it.each([
    ['a time-out', new DOMException('x', 'TimeoutError'), 'timeout'],
    ['a broken connection', systemError('ECONNRESET'), 'network'],
    ['an answer that is too long', new RangeError('x'), 'network'],
    ['something else', 'x', 'network'],
  ])('is %s', async (_, failure, code) => {
    expect(await sendTo(failing(failure))).toMatchObject({ code, outcome: 'unknown' });
  });

  it('is an answer whose text breaks off', async () => {
    const error = await failureOf(create({ transport: breakingOff }).messaging.send(hello));
    expect(error).toMatchObject({ code: 'network', outcome: 'unknown' });
  });

  it('is an abort while Telnyx works', async () => {
    const controller = new AbortController();
    const { transport, requests } = answering(() => {
      controller.abort();
      return Promise.reject(controller.signal.reason);
    });
    const options = { signal: controller.signal };
    const error = await failureOf(create({ transport }).messaging.send(hello, options));
    expect(error).toMatchObject({ code: 'aborted', outcome: 'unknown' });
    expect(requests[0]?.signal).toBe(controller.signal);
  });
});

describe('a failure before anything left', () => {
  it.each(['ECONNREFUSED', 'ENOTFOUND', 'UND_ERR_CONNECT_TIMEOUT'])(
    'is %s, after which the message surely does not exist',
    async (code) => {
      expect(await sendTo(failing(systemError(code)))).toMatchObject({
        code: 'network',
        outcome: 'not-performed',
      });
    },
  );

  it('is an abort before the call', async () => {
    const { transport, requests } = answering({});
    const options = { signal: AbortSignal.abort() };
    const error = await failureOf(create({ transport }).messaging.send(hello, options));
    expect(error).toMatchObject({ code: 'aborted', outcome: 'not-performed' });
    expect(requests).toEqual([]);
  });

  it('is any failure to read, which changes nothing', async () => {
    const answers = [
      { status: 500 },
      { status: 408 },
      failing(systemError('ECONNRESET')),
      { body: 'x' },
    ];
    for (const answer of answers) {
      const error = await failureOf(create(answering(answer)).messaging.getMessage(messageId));
      expect(error.outcome).toBe('not-performed');
    }
  });
});

describe('no failure', () => {
  it('is followed by a second request', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 300, max: 599 }),
        fc.option(fc.constantFrom(...telnyxErrors.map(({ providerCode }) => providerCode))),
        async (status, code) => {
          const { transport, requests } = answering(refusal(status, code ?? undefined));
          const error = await failureOf(create({ transport }).messaging.send(hello));
          expect(requests).toHaveLength(1);
          const refused = status >= 400 && status < 500 && ![408, 499].includes(status);
          expect(error.outcome).toBe(refused ? 'not-performed' : 'unknown');
        },
      ),
    );
  });

  it('shows a secret, a number or a text', async () => {
    const canaries = [apiKey, ourNumber, theirNumber, 'canary text'];
    const echo = canaries.join(' ');
    const error = { code: '40310', title: echo, detail: echo, source: { pointer: echo } };
    const errors = [
      await sendTo({ status: 400, body: { errors: [error] } }),
      await sendTo({ status: 400, body: { errors: [{ code: echo }] } }),
      await sendTo({ status: 500, body: echo, headers: { 'retry-after': echo } }),
      await sendTo({ status: 200, body: echo }),
      await sendTo(failing(new Error(echo, { cause: { code: 'ECONNRESET', echo } }))),
      await failureOf(create(answering({ body: { data: [] } })).numberSetup.inspect(ourNumber)),
      await failureOf(
        create({ fetch: failing(new Error(echo)) }).messaging.fetchMedia({
          url: new URL('https://media.example.com/canary'),
        }),
      ),
      await failureOf(
        Promise.resolve().then(() =>
          create().webhooks.verify(
            signedJson(envelope('message.received', { text: echo }), {
              privateKey: otherPrivateKey,
            }),
          ),
        ),
      ),
    ];
    for (const shownError of errors) {
      const shown = [
        inspect(shownError, { depth: 10, showHidden: true }),
        JSON.stringify(shownError),
        String(shownError),
        shownError.stack ?? '',
      ].join('\n');
      for (const canary of canaries) expect(shown).not.toContain(canary);
    }
    expect(inspect(create(), { depth: 10, showHidden: true })).not.toContain(apiKey);
  });
});

describe('the table of errors', () => {
  it('has each number once, in order, with Telnyx’s page about it', () => {
    const numbers = telnyxErrors.map(({ providerCode }) => Number(providerCode));
    expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
    for (const { providerCode, documentation, meaning } of telnyxErrors) {
      expect(documentation.href).toBe(
        `https://developers.telnyx.com/docs/overview/errors/${providerCode}`,
      );
      expect(meaning).toMatch(/^[^.]+$/u);
    }
  });

  it('calls few failures of a message passing, and only some of those need patience', () => {
    const retryable = telnyxErrors.filter((error) => error.retryable);
    expect(
      retryable.flatMap(({ providerCode, code }) =>
        providerCode.startsWith('4') ? [[providerCode, code]] : [],
      ),
    ).toEqual([
      ['40006', 'provider_unavailable'],
      ['40008', 'provider_unavailable'],
      ['40011', 'rate_limited'],
      ['40318', 'limit_reached'],
    ]);
  });

  it('explains the number of a receipt, and nothing that it does not know', () => {
    expect(describeTelnyxError('40012')).toMatchObject({
      code: 'invalid_recipient',
      retryable: false,
      meaning: 'the carrier does not accept the number of the recipient',
    });
    expect(describeTelnyxError('99999')).toBeUndefined();
  });
});
