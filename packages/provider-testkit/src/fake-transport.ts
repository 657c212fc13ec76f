import type { HttpRequest, HttpTransport } from '@openclaw/telephony-core';

/** What a fake carrier answers; a body that is no string is sent as JSON. */
export interface FakeReply {
  readonly status?: number;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: unknown;
}

/**
 * A transport that answers the same to everything, and keeps what it was asked: for tests of one provider.
 *
 * @param reply a function is asked each time, and may fail
 * @param accepted what `reply` leaves out: what the carrier answers to a message that it accepts
 * @example
 * const { transport, requests } = createFakeTransport({ status: 429 }, { status: 201, body: { id: 'm-1' } });
 */
export function createFakeTransport(
  reply: FakeReply | (() => Promise<FakeReply>),
  accepted: FakeReply = {},
): { readonly transport: HttpTransport; readonly requests: readonly HttpRequest[] } {
  const requests: HttpRequest[] = [];
  return {
    requests,
    async transport(request) {
      requests.push(request);
      const answer = typeof reply === 'function' ? await reply() : reply;
      const { status = 200, headers = {}, body = '' } = { ...accepted, ...answer };
      return {
        status,
        header: (name) => headers[name],
        text: () => Promise.resolve(typeof body === 'string' ? body : JSON.stringify(body)),
      };
    },
  };
}
