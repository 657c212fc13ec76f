import { failureOf, type FakeReply, printed, thrownBy } from '@openclaw/provider-testkit';
import { outcomeOfStatus } from '@openclaw/telephony-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describePlivoError, plivoErrors } from './errors.ts';
import {
  answering,
  authToken,
  create,
  hello,
  ourNumber,
  signedForm,
  theirNumber,
} from './fake-plivo.testing.ts';

const sendTo = (answer: FakeReply) => failureOf(create(answering(answer)).messaging.send(hello));
const refusal = (status: number, error?: string): FakeReply => ({
  status,
  body: { api_id: 'a5169572-325d-11ec-8852-0242ac110005', error },
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
    [refusal(403, 'dst country is not enabled'), 'permission_denied'],
    [refusal(404, 'not found'), 'not_found'],
    [refusal(405), 'invalid_request'],
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

  it('is one by its status, whatever the sentence says', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 300, max: 599 }),
        fc.string(),
        async (status, sentence) => {
          const error = await sendTo(refusal(status, sentence));
          expect(error.outcome).toBe(outcomeOfStatus(status));
        },
      ),
    );
  });

  it('is explained in our words, and never in Plivo’s', async () => {
    const error = await sendTo(refusal(400, `'${theirNumber}' is not a valid phone number.`));
    expect(error.message).toBe(
      'Plivo answered 400: the recipient is not a number that can be texted',
    );
    expect((await sendTo(refusal(400, 'something else'))).message).toBe('Plivo answered 400');
  });
});

describe('a failure after which the message may exist', () => {
  it.each([
    [{ status: 301, body: '' }, 'malformed_response'],
    [{ status: 202, body: { message_uuid: [] } }, 'malformed_response'],
    [{ status: 202, body: { message_uuid: [''], invalid_number: [] } }, 'malformed_response'],
    [{ status: 202, body: { message_uuid: 7 } }, 'malformed_response'],
    [{ status: 202, body: { error: 'dst parameter is invalid' } }, 'malformed_response'],
  ])('has an unknown outcome: %j is %s', async (answer, code) => {
    expect(await sendTo(answer)).toMatchObject({ code, outcome: 'unknown' });
  });
});

describe('no failure', () => {
  it('beside those of messages shows a number or a text', async () => {
    const canaries = [authToken, ourNumber.slice(1), theirNumber.slice(1), 'canary text'];
    const echo = canaries.join(' ');
    const { numberSetup, webhooks } = create(answering({ status: 404, body: { error: echo } }));
    const unprovable = signedForm({ CallUUID: 'c', From: theirNumber }, { version: 'v2' });
    const errors = [
      await sendTo({ status: 202, body: { invalid_number: [theirNumber] } }),
      await failureOf(numberSetup.inspect(ourNumber)),
      thrownBy(() => webhooks.verify(unprovable)),
    ];
    for (const error of errors) {
      for (const canary of canaries) expect(printed(error)).not.toContain(canary);
    }
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
