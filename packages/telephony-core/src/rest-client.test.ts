import { describe, expect, it } from 'vitest';
import { TelephonyError } from './error.ts';
import type { HttpRequest, HttpResponse } from './http.ts';
import { createRestClient, malformedAnswer, type RefusedAnswer } from './rest-client.ts';

interface Asked {
  readonly body?: string;
  readonly deletes?: true;
}
interface Exchange {
  readonly answer: () => Promise<HttpResponse>;
  readonly ask?: Asked;
  readonly signal?: AbortSignal;
}
const reads: Asked = {};
const creates: Asked = { body: '{}' };
const deletes: Asked = { deletes: true };
const url = new URL('https://api.carrier.example/messages');

const answering = (status: number, text: string) => (): Promise<HttpResponse> =>
  Promise.resolve({
    status,
    header: (name) => (name === 'retry-after' ? '7' : undefined),
    text: () => Promise.resolve(text),
  });
const failing = (failure: unknown) => (): Promise<HttpResponse> => Promise.reject(failure);
const coded = (code: string): Error => Object.assign(new Error('secret'), { code });

/** One exchange, with all that the client did. */
async function exchange({ answer, ask = reads, signal }: Exchange) {
  const sent: HttpRequest[] = [];
  const refused: RefusedAnswer[] = [];
  const rest = createRestClient<Asked>({
    provider: 'mock',
    carrier: 'Mock',
    transport: (request) => {
      sent.push(request);
      return answer();
    },
    creates: ({ body }) => body !== undefined,
    mayAnswerNothing: (request) => request.deletes === true,
    toHttpRequest: ({ body }) => ({
      method: body === undefined ? 'GET' : 'POST',
      url,
      headers: { accept: 'application/json' },
      ...(body === undefined ? {} : { body }),
    }),
    toError: (refusal) => {
      refused.push(refusal);
      return new TelephonyError('not_found', 'no', {
        provider: 'mock',
        outcome: 'not-performed',
        httpStatus: refusal.response.status,
        retryAfterMs: 7000,
      });
    },
  });
  const result: unknown = await rest(ask, signal === undefined ? {} : { signal }).catch(
    (error: unknown) => error,
  );
  return { result, sent, refused };
}
const said = (result: unknown) =>
  TelephonyError.isInstance(result)
    ? { code: result.code, outcome: result.outcome, provider: result.provider }
    : result;

describe('a REST client', () => {
  it('resolves with the object in a 2xx answer to what the provider described', async () => {
    const { signal } = new AbortController();
    const { result, sent } = await exchange({
      answer: answering(299, '{"id":"m1"}'),
      ask: creates,
      signal,
    });
    expect(result).toEqual({ id: 'm1' });
    expect(sent).toEqual([
      { method: 'POST', url, headers: { accept: 'application/json' }, body: '{}', signal },
    ]);
  });
  it('sends no signal where the caller has none', async () => {
    const { sent } = await exchange({ answer: answering(200, '{}') });
    expect(sent[0]).not.toHaveProperty('signal');
  });
  it('sends nothing for a call that is aborted already', async () => {
    const { result, sent } = await exchange({
      answer: answering(200, '{}'),
      ask: creates,
      signal: AbortSignal.abort(),
    });
    expect(said(result)).toEqual({ code: 'aborted', outcome: 'not-performed', provider: 'mock' });
    expect(sent).toEqual([]);
  });
  it.each([199, 300, 307, 400, 500])('lets the provider say what %i means', async (status) => {
    const { result, sent, refused } = await exchange({
      answer: answering(status, '{"code":1}'),
      ask: creates,
    });
    expect(said(result)).toMatchObject({ code: 'not_found' });
    expect(refused).toMatchObject([{ body: { code: 1 }, creates: true }]);
    expect(refused[0]?.response.status).toBe(status);
    expect(refused[0]?.response.header('retry-after')).toBe('7');
    expect(sent).toHaveLength(1);
  });
  it('tells the provider that a proxy answered, and that nothing was created', async () => {
    const { refused } = await exchange({ answer: answering(502, '<html>') });
    expect(refused).toMatchObject([{ body: undefined, creates: false }]);
  });
  it.each([
    [403, '<html>Blocked'],
    [404, '<html>nginx'],
    [404, ''],
    [425, '[]'],
  ])('takes a %i with %j for the answer of a proxy, which passes', async (status, text) => {
    for (const ask of [reads, creates]) {
      const { result } = await exchange({ answer: answering(status, text), ask });
      expect(result).toMatchObject({
        code: 'provider_unavailable',
        outcome: 'not-performed',
        httpStatus: status,
        retryAfterMs: 7000,
      });
    }
  });
  it('leaves to the provider what a wrong key, or nothing to say, looks like', async () => {
    const asked = [
      { answer: answering(401, 'Unauthorized'), ask: creates },
      { answer: answering(404, ''), ask: deletes },
    ];
    for (const one of asked) {
      expect(said((await exchange(one)).result)).toMatchObject({ code: 'not_found' });
    }
    const { result } = await exchange({ answer: answering(404, '<html>'), ask: deletes });
    expect(said(result)).toMatchObject({ code: 'provider_unavailable' });
  });
});

describe('whether a request may be sent again', () => {
  const broke = failing(coded('ECONNRESET'));
  const torn = (): Promise<HttpResponse> =>
    Promise.resolve({
      status: 200,
      header: () => undefined,
      text: () => Promise.reject(coded('ECONNRESET')),
    });
  it.each([
    ['a broken connection', broke, 'network', 'unknown'],
    ['an answer that is torn off', torn, 'network', 'unknown'],
    ['a time-out', failing(new DOMException('late', 'TimeoutError')), 'timeout', 'unknown'],
    ['no connection at all', failing(coded('ECONNREFUSED')), 'network', 'not-performed'],
    ['no JSON in a 2xx answer', answering(200, '<html>'), 'malformed_response', 'unknown'],
    ['an empty 2xx answer', answering(204, ''), 'malformed_response', 'unknown'],
    ['a list in a 2xx answer', answering(200, '[]'), 'malformed_response', 'unknown'],
  ] as const)('is known after %s', async (_what, answer, code, outcome) => {
    const created = await exchange({ answer, ask: creates });
    expect(said(created.result)).toEqual({ code, outcome, provider: 'mock' });
    const read = await exchange({ answer });
    expect(said(read.result)).toEqual({ code, outcome: 'not-performed', provider: 'mock' });
    expect([created.sent.length, read.sent.length]).toEqual([1, 1]);
  });
  it('is not known when the caller gives up while the carrier works', async () => {
    const giveUp = new AbortController();
    const answer = (): Promise<HttpResponse> => {
      giveUp.abort();
      return Promise.reject(giveUp.signal.reason);
    };
    const { result } = await exchange({ answer, ask: creates, signal: giveUp.signal });
    expect(said(result)).toEqual({ code: 'aborted', outcome: 'unknown', provider: 'mock' });
  });
  it('is no question for what may answer nothing, and did', async () => {
    expect((await exchange({ answer: answering(204, ''), ask: deletes })).result).toEqual({});
    const { result } = await exchange({ answer: answering(200, '{"id":1}'), ask: deletes });
    expect(result).toEqual({ id: 1 });
  });
  it('says what an answer lacks, and repeats nothing of it', async () => {
    const { result } = await exchange({ answer: answering(200, '<html>'), ask: creates });
    expect(result).toMatchObject({ message: 'Mock answered, but without a JSON object' });
    const lacking = { provider: 'mock', carrier: 'Mock', creates: true };
    expect(malformedAnswer('the id of the message', lacking)).toMatchObject({
      message: 'Mock answered, but without the id of the message',
      outcome: 'unknown',
    });
  });
});
