import { failureOf } from '@openclaw/provider-testkit';
import { describe, expect, it } from 'vitest';
import type { HttpRequest, HttpTransport } from '@openclaw/telephony-core';
import { create, ourNumber } from './fake-twilio.testing.ts';
import type { TwilioProviderOptions } from './provider.ts';

const messageUrl = new URL('https://sms.example.com/in');
const messagingServiceSid = 'MG1';
const ownUrl = {
  inbound_request_url: 'https://other.example.com/in',
  use_inbound_webhook_on_number: false,
};

/** An account with a number and a messaging service; an answer that is a number is a status. */
function accountWith(
  service: Record<string, unknown> | number,
  member: Record<string, unknown> | number = { sid: 'PN1' },
  options: Partial<TwilioProviderOptions> = {},
) {
  const requests: HttpRequest[] = [];
  const transport: HttpTransport = async (request) => {
    requests.push(request);
    const { pathname } = request.url;
    let answer: unknown = { incoming_phone_numbers: [{ sid: 'PN1', phone_number: ourNumber }] };
    if (pathname.endsWith('/v1/Services/MG1')) answer = service;
    if (pathname.endsWith('/v1/Services/MG1/PhoneNumbers/PN1')) answer = member;
    return {
      status: typeof answer === 'number' ? answer : 200,
      header: () => undefined,
      text: () => Promise.resolve(JSON.stringify(typeof answer === 'number' ? {} : answer)),
    };
  };
  const { numberSetup } = create({ messagingServiceSid, transport, ...options });
  return { requests, setup: numberSetup };
}
const posts = (requests: readonly HttpRequest[]) =>
  requests.filter(({ method }) => method === 'POST');

describe('a number in a messaging service', () => {
  it('cannot be set up while the service has a URL of its own', async () => {
    const { setup, requests } = accountWith(ownUrl);
    const error = await failureOf(setup.apply(ourNumber, { messageUrl }));
    expect(error).toMatchObject({ code: 'invalid_request', outcome: 'not-performed' });
    expect(error.message).toContain('messaging service MG1 has an inbound URL of its own');
    expect(posts(requests)).toEqual([]);
    expect(requests.slice(1).map(({ method, url }) => `${method} ${url.href}`)).toEqual([
      'GET https://messaging.twilio.com/v1/Services/MG1',
      'GET https://messaging.twilio.com/v1/Services/MG1/PhoneNumbers/PN1',
    ]);
  });

  it('is looked up below a base URL where there is one', async () => {
    const { setup, requests } = accountWith(ownUrl, {}, { baseUrl: 'http://127.0.0.1:4010' });
    await failureOf(setup.apply(ourNumber, { messageUrl }));
    expect(requests[1]?.url.href).toBe('http://127.0.0.1:4010/v1/Services/MG1');
  });

  it.each([
    ['defers to the number', { ...ownUrl, use_inbound_webhook_on_number: true }, {}],
    ['has no URL', { ...ownUrl, inbound_request_url: null }, {}],
    ['says nothing', {}, {}],
    ['does not have the number', ownUrl, 404],
    ['does not exist here', 404, {}],
    ['may not be read', 403, {}],
    ['is read with another key', 401, {}],
  ])('can be set up when the service %s', async (_, service, member) => {
    const { setup, requests } = accountWith(service, member);
    await setup.apply(ourNumber, { messageUrl });
    expect(posts(requests)).toHaveLength(1);
  });

  it('is not changed while nobody knows', async () => {
    const { setup, requests } = accountWith(503);
    const error = await failureOf(setup.apply(ourNumber, { messageUrl }));
    expect(error).toMatchObject({ code: 'provider_unavailable', outcome: 'not-performed' });
    expect(posts(requests)).toEqual([]);
  });

  it.each([
    ['a URL is removed', { messageUrl: null }, {}],
    ['a URL is put back', { messageUrl, restore: { SmsUrl: 'https://a.example.com' } }, {}],
    ['calls are set up', { voiceUrl: messageUrl }, {}],
    ['the account is in a region', { messageUrl }, { region: 'ie1' }],
  ])('is not asked about when %s', async (_, wanted, options) => {
    const { setup, requests } = accountWith(ownUrl, {}, options);
    await setup.apply(ourNumber, wanted);
    expect(requests.map(({ method }) => method)).toEqual(['GET', 'POST']);
  });
});
