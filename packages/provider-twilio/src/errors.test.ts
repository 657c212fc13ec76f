import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeTwilioError, twilioErrors } from './errors.ts';
import {
  accountSid,
  type Answer,
  answering,
  authToken,
  create,
  failureOf,
  hello,
  messageSid,
  ourNumber,
  signedForm,
  theirNumber,
} from './fake-twilio.testing.ts';

const now = () => new Date('2026-11-20T12:00:00Z');
const sendTo = (answer: Answer | (() => Promise<never>)) =>
  failureOf(create(answering(answer)).messaging.send(hello));
const refusal = (status: number, code?: number, headers: Record<string, string> = {}): Answer => ({
  status,
  headers,
  body: { code, message: `The 'To' number ${theirNumber} is wrong`, status },
});
const failing = (failure: unknown) => () => Promise.reject(failure);
const systemError = (code: string): Error =>
  new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code }) });

const breakingOff = async () => ({
  status: 201,
  header: () => undefined,
  text: () => Promise.reject(systemError('ECONNRESET')),
});

describe('what Twilio refuses', () => {
  it.each([
    [refusal(401, 20003), 'auth_failed'],
    [refusal(400, 21211), 'invalid_recipient'],
    [refusal(400, 21614), 'invalid_recipient'],
    [refusal(400, 21606), 'sender_not_allowed'],
    [refusal(400, 21659), 'sender_not_allowed'],
    [refusal(400, 21610), 'recipient_opted_out'],
    [refusal(400, 21617), 'invalid_request'],
    [refusal(400, 21658), 'invalid_request'],
    [refusal(400, 21619), 'invalid_request'],
    [refusal(400, 21611), 'limit_reached'],
    [refusal(400, 30002), 'account_blocked'],
    [refusal(400, 30007), 'content_rejected'],
    [refusal(400, 30034), 'sender_not_allowed'],
    [refusal(429, 20429), 'rate_limited'],
    [refusal(429), 'rate_limited'],
    [refusal(429, 21611), 'limit_reached'],
    [refusal(400, 99999), 'invalid_request'],
    [refusal(401), 'auth_failed'],
    [refusal(403), 'permission_denied'],
    [refusal(404, 20404), 'not_found'],
    [refusal(404), 'not_found'],
    [refusal(402), 'account_blocked'],
    [refusal(402, 21610), 'recipient_opted_out'],
    [{ status: 400, body: '<html>' }, 'invalid_request'],
  ])('is never sent: %j is %s', async (answer, code) => {
    const error = await sendTo(answer);
    expect(error).toMatchObject({
      code,
      provider: 'twilio',
      outcome: 'not-performed',
      httpStatus: answer.status,
    });
  });

  it('is explained by number, with a link, and never in Twilio’s own words', async () => {
    const error = await sendTo(refusal(400, 21610));
    expect(error.providerCode).toBe('21610');
    expect(error.message).toBe(
      'Twilio answered 400 with error 21610: the recipient has opted out with STOP. ' +
        'See https://www.twilio.com/docs/api/errors/21610',
    );
    expect((await sendTo(refusal(400, 99999))).message).toBe(
      'Twilio answered 400 with error 99999. See https://www.twilio.com/docs/api/errors/99999',
    );
    expect((await sendTo(refusal(400))).message).toBe('Twilio answered 400');
  });

  it('says how long to wait when Twilio does', async () => {
    expect((await sendTo(refusal(429, 20429, { 'retry-after': '7' }))).retryAfterMs).toBe(7000);
    expect(await sendTo(refusal(429, 20429))).not.toHaveProperty('retryAfterMs');
    const { transport } = answering(
      refusal(429, 20429, { 'retry-after': 'Fri, 20 Nov 2026 12:00:30 GMT' }),
    );
    const error = await failureOf(create({ transport, now }).messaging.send(hello));
    expect(error.retryAfterMs).toBe(30_000);
  });
});

describe('a failure after which the message may exist', () => {
  it.each([
    [{ status: 500, body: 'oops' }, 'provider_unavailable'],
    [refusal(408), 'timeout'],
    [refusal(499), 'timeout'],
    [refusal(408, 21211), 'timeout'],
    [refusal(500, 20500), 'provider_unavailable'],
    [refusal(500, 21211), 'provider_unavailable'],
    [refusal(503, 20503), 'provider_unavailable'],
    [{ status: 302, body: '' }, 'malformed_response'],
    [{ status: 201, body: '<html>Welcome</html>' }, 'malformed_response'],
    [{ status: 201, body: '{"sid":"SM12' }, 'malformed_response'],
    [{ status: 201, body: '[]' }, 'malformed_response'],
    [{ status: 201, body: '' }, 'malformed_response'],
    [{ status: 200, body: {} }, 'malformed_response'],
    [{ status: 201, body: { sid: '' } }, 'malformed_response'],
    [{ status: 201, body: { sid: 7 } }, 'malformed_response'],
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

  it('is an abort while Twilio works', async () => {
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
    const answers = [{ status: 500 }, failing(systemError('ECONNRESET')), { body: 'x' }];
    for (const answer of answers) {
      const { transport } = answering(answer);
      const error = await failureOf(create({ transport }).messaging.getMessage(messageSid));
      expect(error.outcome).toBe('not-performed');
    }
  });
});

describe('no failure', () => {
  it('is followed by a second request', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 300, max: 599 }),
        fc.option(fc.constantFrom(...twilioErrors.map(({ providerCode }) => Number(providerCode)))),
        async (status, code) => {
          const { transport, requests } = answering(refusal(status, code ?? undefined));
          const error = await failureOf(create({ transport }).messaging.send(hello));
          expect(requests).toHaveLength(1);
          const refused = status >= 400 && status < 500 && status !== 408 && status !== 499;
          expect(error.outcome).toBe(refused ? 'not-performed' : 'unknown');
        },
      ),
    );
  });

  it('shows a secret, a number or a text', async () => {
    const canaries = [authToken, btoa(`${accountSid}:${authToken}`), ourNumber, theirNumber];
    const echo = `${canaries.join(' ')} canary text`;
    const errors = [
      await sendTo({ status: 400, body: { code: 21211, message: echo, more_info: echo } }),
      await sendTo({ status: 500, body: echo, headers: { 'retry-after': echo } }),
      await sendTo({ status: 201, body: echo }),
      await sendTo(failing(new Error(echo, { cause: { code: 'ECONNRESET', echo } }))),
      await failureOf(
        create(answering({ body: { incoming_phone_numbers: [] } })).numberSetup.inspect(ourNumber),
      ),
      await failureOf(
        create({ fetch: failing(new Error(echo)) }).messaging.fetchMedia({
          url: new URL('https://api.twilio.com/canary'),
        }),
      ),
      await failureOf(
        Promise.resolve().then(() =>
          create().webhooks.verify({
            ...signedForm({ From: theirNumber, Body: 'canary text' }),
            body: new TextEncoder().encode(echo),
          }),
        ),
      ),
      await failureOf(
        Promise.resolve().then(() =>
          create().webhooks.verify(signedForm({ AccountSid: 'AC9', From: theirNumber })),
        ),
      ),
    ];
    for (const error of errors) {
      const shown = [
        inspect(error, { depth: 10, showHidden: true }),
        JSON.stringify(error),
        String(error),
        error.stack ?? '',
      ].join('\n');
      for (const canary of [...canaries, 'canary text']) expect(shown).not.toContain(canary);
    }
    const provider = create();
    expect(inspect(provider, { depth: 10, showHidden: true })).not.toContain(authToken);
  });
});

describe('the table of errors', () => {
  it('has each number once, in order, with Twilio’s page about it', () => {
    const numbers = twilioErrors.map(({ providerCode }) => Number(providerCode));
    expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
    for (const { providerCode, documentation, meaning } of twilioErrors) {
      expect(documentation.href).toBe(`https://www.twilio.com/docs/api/errors/${providerCode}`);
      expect(meaning).toMatch(/^[^.]+$/u);
    }
  });

  it('explains the number of a receipt, and nothing that it does not know', () => {
    expect(describeTwilioError('30003')).toMatchObject({
      code: 'invalid_recipient',
      retryable: false,
      meaning: 'the handset is switched off or unreachable',
    });
    expect(describeTwilioError('21611')?.retryable).toBe(true);
    expect(describeTwilioError('99999')).toBeUndefined();
  });
});
