import assert from 'node:assert/strict';
import {
  TelephonyError,
  type WebhookReceiver,
  type WebhookRejectionReason,
  type WebhookRequest,
} from '@openclaw/telephony-core';

const expected = 'it should have failed with a TelephonyError';

/**
 * The error that the work fails with.
 *
 * @throws {AssertionError} when it does not fail, or fails with something else than a `TelephonyError`
 * @example
 * assert.equal((await failureOf(provider.messaging.send(message))).code, 'invalid_recipient');
 */
export async function failureOf(work: Promise<unknown>): Promise<TelephonyError> {
  const failure: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(TelephonyError.isInstance(failure), expected);
  return failure;
}

/**
 * The error that the work throws at once; {@link failureOf} for what does not wait.
 *
 * @throws {AssertionError} when it does not throw, or throws something else than a `TelephonyError`
 * @example
 * assert.match(thrownBy(() => createMyProvider({ apiKey: '' })).message, /apiKey is empty/u);
 */
export function thrownBy(work: () => unknown): TelephonyError {
  try {
    work();
  } catch (failure) {
    assert.ok(TelephonyError.isInstance(failure), expected);
    return failure;
  }
  return assert.fail(expected);
}

/**
 * The reason why a receiver refuses a webhook; `undefined` when it believes it.
 *
 * @throws {AssertionError} when it throws something else than a `webhook_rejected` error with a reason
 * @example
 * assert.equal(rejectionOf(provider.webhooks, forged), 'signature_mismatch');
 */
export function rejectionOf(
  receiver: Pick<WebhookReceiver, 'verify'>,
  request: WebhookRequest,
): WebhookRejectionReason | undefined {
  try {
    receiver.verify(request);
    return undefined;
  } catch (failure) {
    assert.ok(TelephonyError.isInstance(failure), expected);
    assert.equal(failure.code, 'webhook_rejected');
    return failure.reason ?? assert.fail('the error has no reason');
  }
}
