import { describe, expect, it } from 'vitest';
import type { HttpRequest, HttpTransport } from '@openclaw/telephony-core';
import { create, failureOf, ourNumber, profileId } from './fake-telnyx.testing.ts';

const messageUrl = new URL('https://sms.example.com/in');
const oldUrl = new URL('https://old.example.com/in');
const list = '/v2/phone_numbers/messaging?filter%5Bphone_number%5D=%2B15550100100';
const profilePath = `/v2/messaging_profiles/${profileId}`;

/** An account with our number on a profile, or on none, beside a number that only contains it. */
function accountWith({
  number = {},
  profile = {},
  options = {},
}: { number?: object; profile?: object; options?: Parameters<typeof create>[0] } = {}) {
  const requests: HttpRequest[] = [];
  const transport: HttpTransport = async (request) => {
    requests.push(request);
    const numbers = [
      { id: '0', phone_number: `${ourNumber}9`, messaging_profile_id: 'wrong' },
      { id: '1293384', phone_number: ourNumber, messaging_profile_id: profileId, ...number },
    ];
    const data = request.url.pathname.endsWith('/phone_numbers/messaging')
      ? numbers
      : { id: profileId, webhook_url: oldUrl.href, webhook_api_version: '1', ...profile };
    return {
      status: 200,
      header: () => undefined,
      text: () => Promise.resolve(JSON.stringify({ data })),
    };
  };
  return {
    requests,
    asked: () =>
      requests.map(({ method, url, body }) => {
        const line = `${method} ${url.pathname}${url.search}`;
        return body === undefined ? [line] : [line, JSON.parse(body)];
      }),
    setup: create({ ...options, transport }).numberSetup,
  };
}
const unassigned = { messaging_profile_id: null };

describe('reading a number’s webhook', () => {
  it('asks for the number, and then for its messaging profile', async () => {
    const { setup, asked } = accountWith();
    expect(await setup.inspect(ourNumber)).toEqual({ messageUrl: oldUrl });
    expect(asked()).toEqual([[`GET ${list}`], [`GET ${profilePath}`]]);
  });

  it.each([null, '', undefined, 'not a URL'])(
    'finds none on a profile with the URL %j',
    async (url) => {
      const { setup } = accountWith({ profile: { webhook_url: url } });
      expect(await setup.inspect(ourNumber)).toEqual({ messageUrl: null });
    },
  );

  it('finds none on a number without a profile', async () => {
    const { setup, requests } = accountWith({ number: unassigned });
    expect(await setup.inspect(ourNumber)).toEqual({ messageUrl: null });
    expect(requests).toHaveLength(1);
  });

  it('says when the number is not on the account', async () => {
    const { setup } = accountWith({ number: { phone_number: '+15550100101' } });
    const error = await failureOf(setup.inspect(ourNumber));
    expect(error.code).toBe('not_found');
    expect(error.message).toBe(
      '+1555•••0100 is not a number of this Telnyx account, or not one for texts',
    );
  });

  it('never turns what Telnyx answers into another path', async () => {
    const { setup, requests } = accountWith({ number: { messaging_profile_id: '../x' } });
    expect((await failureOf(setup.inspect(ourNumber))).code).toBe('malformed_response');
    expect(requests).toHaveLength(1);
  });
});

describe('setting a number’s webhook', () => {
  it('changes the profile, asks for version 2, and returns what was there before', async () => {
    const { setup, asked } = accountWith();
    expect(await setup.apply(ourNumber, { messageUrl })).toEqual({ messageUrl: oldUrl });
    expect(asked()).toEqual([
      [`GET ${list}`],
      [`GET ${profilePath}`],
      [`PATCH ${profilePath}`, { webhook_url: messageUrl.href, webhook_api_version: '2' }],
    ]);
  });

  it('removes the URL for null, and changes nothing when nothing is wanted', async () => {
    const removing = accountWith();
    await removing.setup.apply(ourNumber, { messageUrl: null });
    expect(removing.asked().at(-1)).toEqual([`PATCH ${profilePath}`, { webhook_url: null }]);
    const idle = accountWith();
    expect(await idle.setup.apply(ourNumber, {})).toEqual({ messageUrl: oldUrl });
    expect(idle.requests.map(({ method }) => method)).toEqual(['GET', 'GET']);
  });

  it('puts a number without a profile on the configured one, once that has the URL', async () => {
    const options = { messagingProfileId: profileId };
    const { setup, asked } = accountWith({ number: unassigned, options });
    expect(await setup.apply(ourNumber, { messageUrl })).toEqual({ messageUrl: oldUrl });
    expect(asked().slice(2)).toEqual([
      [`PATCH ${profilePath}`, { webhook_url: messageUrl.href, webhook_api_version: '2' }],
      ['PATCH /v2/phone_numbers/1293384/messaging', { messaging_profile_id: profileId }],
    ]);
  });

  it('leaves the profile of a number alone, whichever is configured', async () => {
    const options = { messagingProfileId: '3fa85f64-5717-4562-b3fc-2c963f66afa6' };
    const { setup, asked } = accountWith({ options });
    await setup.apply(ourNumber, { messageUrl });
    expect(asked().at(-1)?.[0]).toBe(`PATCH ${profilePath}`);
  });

  it('is refused for a number without a profile when none is configured', async () => {
    const { setup, requests } = accountWith({ number: unassigned });
    const error = await failureOf(setup.apply(ourNumber, { messageUrl }));
    expect(error).toMatchObject({ code: 'invalid_request', outcome: 'not-performed' });
    expect(error.message).toMatch(/^\+1555•••0100 is on no messaging profile/u);
    expect(requests).toHaveLength(1);
  });

  it('has nothing to do for a number without a profile that is to have no webhook', async () => {
    for (const options of [{}, { messagingProfileId: profileId }]) {
      const { setup, asked } = accountWith({ number: unassigned, options });
      expect(await setup.apply(ourNumber, { messageUrl: null })).toEqual({ messageUrl: null });
      expect(asked()).toEqual([[`GET ${list}`]]);
    }
  });

  it.each([
    { voiceUrl: messageUrl },
    { voiceUrl: null },
    { messageUrl, callStatusUrl: messageUrl },
  ])('is refused for calls, before anything changes: %j', async (wanted) => {
    const { setup, requests } = accountWith();
    const error = await failureOf(setup.apply(ourNumber, wanted));
    expect(error).toMatchObject({ code: 'unsupported', outcome: 'not-performed' });
    expect(requests).toEqual([]);
  });
});
