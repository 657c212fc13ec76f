import { failureOf, type FakeReply, printed, thrownBy } from '@openclaw/provider-testkit';
import { describe, expect, it } from 'vitest';
import { describeTwilioError, twilioErrors } from './errors.ts';
import {
  answering,
  authToken,
  create,
  hello,
  ourNumber,
  signedForm,
  theirNumber,
} from './fake-twilio.testing.ts';

const sendTo = (answer: FakeReply) => failureOf(create(answering(answer)).messaging.send(hello));
const refusal = (status: number, code?: number): FakeReply => ({
  status,
  body: { code, message: `The 'To' number ${theirNumber} is wrong`, status },
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
    [refusal(429, 21611), 'limit_reached'],
    [refusal(400, 99999), 'invalid_request'],
    [refusal(404, 20404), 'not_found'],
    [refusal(402, 21610), 'recipient_opted_out'],
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
});

describe('a failure after which the message may exist', () => {
  it.each([
    [{ status: 302, body: '' }, 'malformed_response'],
    [{ status: 200, body: {} }, 'malformed_response'],
    [{ status: 201, body: { sid: '' } }, 'malformed_response'],
    [{ status: 201, body: { sid: 7 } }, 'malformed_response'],
  ])('has an unknown outcome: %j is %s', async (answer, code) => {
    expect(await sendTo(answer)).toMatchObject({ code, outcome: 'unknown' });
  });
});

describe('no failure', () => {
  it('beside those of messages shows a number or a text', async () => {
    const { numberSetup, webhooks } = create(answering({ body: { incoming_phone_numbers: [] } }));
    const foreign = signedForm({ AccountSid: 'AC9', From: theirNumber, Body: 'canary text' });
    const errors = [
      await failureOf(numberSetup.inspect(ourNumber)),
      thrownBy(() => webhooks.verify(foreign)),
    ];
    for (const error of errors) {
      for (const canary of [authToken, ourNumber, theirNumber, 'canary text']) {
        expect(printed(error)).not.toContain(canary);
      }
    }
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
