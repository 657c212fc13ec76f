import type { HttpTransport } from '@openclaw/telephony-core';
import { authId, create, ourNumber } from './fake-plivo.testing.ts';
import type { PlivoProviderOptions } from './provider.ts';

export const wanted = {
  messageUrl: new URL('https://sms.example.com/in'),
  voiceUrl: new URL('https://sms.example.com/call'),
  callStatusUrl: new URL('https://sms.example.com/call-status'),
};
export const none = { messageUrl: null, voiceUrl: null, callStatusUrl: null };
export const old = {
  message_url: 'https://old.example.com/sms',
  answer_url: 'https://old.example.com/voice',
  hangup_url: 'https://old.example.com/hangup',
};
export const ours = ourNumber.slice(1);

/** Options of the provider, and what the account does otherwise. */
export interface AccountOptions extends Partial<PlivoProviderOptions> {
  /** A status that a request is answered with instead of being carried out. */
  readonly failing?: (request: string) => number | undefined;
}

/**
 * An account with applications and numbers, as Plivo would answer for it.
 *
 * @param numbers the id of the application of each; other than text, it is answered as it is
 */
export function accountWith(
  applications: Record<string, Record<string, string>>,
  numbers: Record<string, unknown>,
  { failing, ...options }: AccountOptions = {},
) {
  const asked: string[] = [];
  const root = `/v1/Account/${authId}`;
  const resourceOf = (number: string) => {
    const id = numbers[number];
    if (typeof id !== 'string') return { number, application: id };
    return { number, application: id === '' ? null : `${root}/Application/${id}/` };
  };
  const change = (
    kind: string | undefined,
    id: string | undefined,
    json: Record<string, string>,
  ) => {
    if (kind === 'Number' && id !== undefined) numbers[id] = json['app_id'] ?? null;
    if (kind === 'Application')
      applications[id ?? 'new'] = { ...applications[id ?? 'new'], ...json };
    return { message: 'changed', app_id: 'new' };
  };
  const list = (kind: string | undefined) =>
    kind === 'Application'
      ? Object.entries(applications).map(([app_id, fields]) => Object.assign({ app_id }, fields))
      : Object.keys(numbers).map(resourceOf);
  const read = (kind: string | undefined, id: string | undefined, query: URLSearchParams) => {
    if (id === undefined) {
      const offset = Number(query.get('offset'));
      return { objects: list(kind).slice(offset, offset + Number(query.get('limit'))) };
    }
    if (kind === 'Application') return applications[id];
    return id in numbers ? resourceOf(id) : undefined;
  };
  const transport: HttpTransport = async ({ method, url, body }) => {
    const request = `${method} ${url.pathname.slice(root.length)} ${body ?? ''}`.trim();
    asked.push(request);
    const [kind, id] = url.pathname.slice(root.length + 1).split('/');
    const key = id === '' ? undefined : id;
    const failure = failing?.(request);
    const carryOut = () =>
      body === undefined ? read(kind, key, url.searchParams) : change(kind, key, JSON.parse(body));
    const answer = failure === undefined ? carryOut() : { error: 'no' };
    return {
      status: failure ?? (answer === undefined ? 404 : 200),
      header: () => undefined,
      text: () => Promise.resolve(JSON.stringify(answer ?? { error: 'not found' })),
    };
  };
  const { numberSetup } = create({
    transport,
    now: () => new Date('2026-11-20T12:00:00Z'),
    ...options,
  });
  const changesAsked = () => asked.filter((request) => request.startsWith('POST'));
  return { asked, changesAsked, applications, numbers, setup: numberSetup };
}
