import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describePlivoError, plivoErrors } from './errors.ts';
import {
  type Answer,
  answering,
  authId,
  authToken,
  create,
  failureOf,
  hello,
  messageUuid,
  ourNumber,
  signedForm,
  theirNumber,
} from './fake-plivo.testing.ts';

const now = () => new Date('2026-11-20T12:00:00Z');
const sendTo = (answer: Answer | (() => Promise<never>)) =>
  failureOf(create(answering(answer)).messaging.send(hello));
const refusal = (status: number, error?: string, headers: Record<string, string> = {}): Answer => ({
  status,
  headers,
  body: { api_id: 'a5169572-325d-11ec-8852-0242ac110005', error },
});
const failing = (failure: unknown) => () => Promise.reject(failure);
const systemError = (code: string): Error =>
  new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code }) });
const breakingOff = async () => ({
  status: 202,
  header: () => undefined,
  text: () => Promise.reject(systemError('ECONNRESET')),
});

describe('what Plivo refuses', () => {
  it.each([
    [refusal(401, 'authentication failed'), 'auth_failed'],
    [{ status: 401, body: 'Could not verify your access level for that URL.' }, 'auth_failed'],
    [refusal(400, `'${theirNumber}' is not a valid phone number.`), 'invalid_recipient'],
    [refusal(400, 'dst parameter is invalid'), 'invalid_recipient'],
    [refusal(400, 'src parameter is invalid'), 'sender_not_allowed'],
    [refusal(400, 'powerpack not found'), 'sender_not_allowed'],
    [refusal(400, 'Insufficient credit'), 'account_blocked'],
    [refusal(400, 'the destination has opted out'), 'recipient_opted_out'],
    [refusal(400, 'Opted-Out recipient'), 'recipient_opted_out'],
    [refusal(400, 'the recipient answered STOP'), 'recipient_opted_out'],
    [refusal(400, 'the recipient is at a bus stop'), 'invalid_recipient'],
    [refusal(400, 'dst is invalid for this src'), 'invalid_recipient'],
    [refusal(400, 'src is invalid for this dst'), 'sender_not_allowed'],
    [refusal(400, 'source 1555 is not a valid phone number'), 'sender_not_allowed'],
    [refusal(400, 'text parameter not present'), 'invalid_request'],
    [refusal(400), 'invalid_request'],
    [refusal(402), 'account_blocked'],
    [refusal(403, 'dst country is not enabled'), 'permission_denied'],
    [refusal(404, 'not found'), 'not_found'],
    [refusal(405), 'invalid_request'],
    [refusal(429), 'rate_limited'],
    [{ status: 400, body: '<html>' }, 'invalid_request'],
    [{ status: 400, body: { error: { dst: ['odd'] } } }, 'invalid_request'],
  ])('is never sent: %j is %s', async (answer, code) => {
    const error = await sendTo(answer);
    expect(error).toMatchObject({
      code,
      provider: 'plivo',
      outcome: 'not-performed',
      httpStatus: answer.status,
    });
    // Plivo's answers have sentences and no numbers.
    expect(error).not.toHaveProperty('providerCode');
  });

  it('is also a recipient of an accepted request', async () => {
    const body = { message: 'message(s) queued', message_uuid: [], invalid_number: [theirNumber] };
    const error = await sendTo({ status: 202, body });
    expect(error).toMatchObject({ code: 'invalid_recipient', outcome: 'not-performed' });
    const { message_uuid: _, ...bare } = body;
    expect((await sendTo({ status: 207, body: bare })).code).toBe('invalid_recipient');
  });

  it('is explained in our words, and never in Plivo’s', async () => {
    const error = await sendTo(refusal(400, `'${theirNumber}' is not a valid phone number.`));
    expect(error.message).toBe(
      'Plivo answered 400: the recipient is not a number that can be texted',
    );
    expect((await sendTo(refusal(400, 'something else'))).message).toBe('Plivo answered 400');
  });

  it('says how long to wait when Plivo does', async () => {
    expect((await sendTo(refusal(429, '', { 'retry-after': '7' }))).retryAfterMs).toBe(7000);
    expect(await sendTo(refusal(429))).not.toHaveProperty('retryAfterMs');
    const { transport } = answering(
      refusal(429, '', { 'retry-after': 'Fri, 20 Nov 2026 12:00:30 GMT' }),
    );
    const error = await failureOf(create({ transport, now }).messaging.send(hello));
    expect(error.retryAfterMs).toBe(30_000);
  });
});

describe('a failure after which the message may exist', () => {
  it.each([
    [{ status: 500, body: 'oops' }, 'provider_unavailable'],
    [refusal(500, 'dst parameter is invalid'), 'provider_unavailable'],
    [refusal(503), 'provider_unavailable'],
    [refusal(408), 'timeout'],
    [refusal(499), 'timeout'],
    [{ status: 301, body: '' }, 'malformed_response'],
    [{ status: 202, body: '<html>Welcome</html>' }, 'malformed_response'],
    [{ status: 202, body: '{"message_uuid":["5b' }, 'malformed_response'],
    [{ status: 202, body: '[]' }, 'malformed_response'],
    [{ status: 202, body: '' }, 'malformed_response'],
    [{ status: 200, body: {} }, 'malformed_response'],
    [{ status: 202, body: { message_uuid: [] } }, 'malformed_response'],
    [{ status: 202, body: { message_uuid: [''], invalid_number: [] } }, 'malformed_response'],
    [{ status: 202, body: { message_uuid: 7 } }, 'malformed_response'],
    [{ status: 202, body: { error: 'dst parameter is invalid' } }, 'malformed_response'],
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

  it('is an abort while Plivo works', async () => {
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
      const error = await failureOf(create({ transport }).messaging.getMessage(messageUuid));
      expect(error.outcome).toBe('not-performed');
    }
  });
});

describe('no failure', () => {
  it('is followed by a second request', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 300, max: 599 }),
        fc.option(fc.string(), { nil: undefined }),
        async (status, sentence) => {
          const { transport, requests } = answering(refusal(status, sentence));
          const error = await failureOf(create({ transport }).messaging.send(hello));
          expect(requests).toHaveLength(1);
          const refused = status >= 400 && status < 500 && status !== 408 && status !== 499;
          expect(error.outcome).toBe(refused ? 'not-performed' : 'unknown');
        },
      ),
    );
  });

  it('shows a secret, a number or a text', async () => {
    const basic = btoa(`${authId}:${authToken}`);
    const canaries = [authToken, basic, ourNumber.slice(1), theirNumber.slice(1), 'canary text'];
    const echo = canaries.join(' ');
    const { webhooks } = create();
    const verifying = async (request: ReturnType<typeof signedForm>) => webhooks.verify(request);
    const errors = [
      await sendTo({ status: 400, body: { error: echo } }),
      await sendTo({ status: 500, body: echo, headers: { 'retry-after': echo } }),
      await sendTo({ status: 202, body: echo }),
      await sendTo({ status: 202, body: { invalid_number: [theirNumber] } }),
      await sendTo(failing(new Error(echo, { cause: { code: 'ECONNRESET', echo } }))),
      await failureOf(
        create(answering({ status: 404, body: { error: echo } })).numberSetup.inspect(ourNumber),
      ),
      await failureOf(
        create({ fetch: failing(new Error(echo)) }).messaging.fetchMedia({
          url: new URL('https://api.plivo.com/canary'),
        }),
      ),
      await failureOf(
        verifying({
          ...signedForm({ From: theirNumber, Text: 'canary text' }),
          body: new TextEncoder().encode(echo),
        }),
      ),
      await failureOf(
        verifying(signedForm({ CallUUID: 'c', From: theirNumber }, { version: 'v2' })),
      ),
    ];
    for (const error of errors) {
      const shown = [
        inspect(error, { depth: 10, showHidden: true }),
        JSON.stringify(error),
        String(error),
        error.stack ?? '',
      ].join('\n');
      for (const canary of canaries) expect(shown).not.toContain(canary);
    }
    expect(inspect(create(), { depth: 10, showHidden: true })).not.toContain(authToken);
  });
});

describe('the table of errors', () => {
  it('has each number once, in order, with Plivo’s page about them', () => {
    const numbers = plivoErrors.map(({ providerCode }) => Number(providerCode));
    expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
    for (const { documentation, meaning } of plivoErrors) {
      expect(documentation.href).toMatch(/^https:\/\/www\.plivo\.com\/docs\/.+error-codes$/u);
      expect(meaning).toMatch(/^[^.]+$/u);
    }
  });

  it.each([
    ['20', 'provider_unavailable', true],
    ['30', 'content_rejected', false],
    ['40', 'sender_not_allowed', false],
    ['50', 'invalid_recipient', false],
    ['80', 'invalid_recipient', true],
    ['200', 'recipient_opted_out', false],
    ['420', 'limit_reached', true],
    ['450', 'permission_denied', false],
    ['900', 'account_blocked', false],
  ])('explains %s of a receipt as %s, worth trying again: %s', (number, code, retryable) => {
    expect(describePlivoError(number)).toMatchObject({ code, retryable });
  });

  it('explains nothing that it does not know', () => {
    expect(describePlivoError('99999')).toBeUndefined();
  });
});
