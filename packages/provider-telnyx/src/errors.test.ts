import { failureOf, type FakeReply, printed } from '@openclaw/provider-testkit';
import { describe, expect, it } from 'vitest';
import { describeTelnyxError, telnyxErrors } from './errors.ts';
import { answering, apiKey, create, hello, ourNumber, theirNumber } from './fake-telnyx.testing.ts';

const sendTo = (answer: FakeReply) => failureOf(create(answering(answer)).messaging.send(hello));
const refusal = (
  status: number,
  code?: string | number,
  { headers = {}, pointer }: { headers?: Record<string, string>; pointer?: string } = {},
): FakeReply => ({
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

describe('what Telnyx refuses', () => {
  it.each([
    [refusal(401, '10009'), 'auth_failed'],
    [refusal(403, '10010'), 'permission_denied'],
    [refusal(403, '20013'), 'account_blocked'],
    [refusal(402, '20100'), 'account_blocked'],
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
    [refusal(400, '99999'), 'invalid_request'],
    [refusal(404, '10005'), 'not_found'],
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
    [{ status: 302, body: '' }, 'malformed_response'],
    [{ status: 200, body: { data: [] } }, 'malformed_response'],
    [{ status: 200, body: { data: { id: '' } } }, 'malformed_response'],
    [{ status: 200, body: { data: { id: 7 } } }, 'malformed_response'],
  ])('has an unknown outcome: %j is %s', async (answer, code) => {
    expect(await sendTo(answer)).toMatchObject({ code, outcome: 'unknown' });
  });
});

describe('no failure', () => {
  it('of a number shows it', async () => {
    const { numberSetup } = create(answering({ body: { data: [] } }));
    const error = await failureOf(numberSetup.inspect(ourNumber));
    for (const canary of [apiKey, ourNumber]) expect(printed(error)).not.toContain(canary);
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
