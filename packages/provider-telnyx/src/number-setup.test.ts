import { failureOf } from '@openclaw/provider-testkit';
import { describe, expect, it } from 'vitest';
import type { HttpRequest, HttpTransport, JsonObject } from '@openclaw/telephony-core';
import { create, ourNumber, profileId } from './fake-telnyx.testing.ts';

const messageUrl = new URL('https://sms.example.com/in');
const oldUrl = new URL('https://old.example.com/in');
const list = '/v2/phone_numbers/messaging?filter%5Bphone_number%5D=%2B15550100100';
const profilePath = `/v2/messaging_profiles/${profileId}`;
const sharedPath = `${profilePath}/phone_numbers?page%5Bsize%5D=2`;
const numberPath = '/v2/phone_numbers/1293384/messaging';
const otherProfileId = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
const change = { webhook_url: messageUrl.href, webhook_api_version: '2' };
const restore = {
  messagingProfileId: profileId,
  profile: { id: profileId, webhookUrl: oldUrl.href, webhookApiVersion: '1' },
};

/** An account with our number on a profile, or on none, beside a number that only contains it. */
function accountWith({
  number = {},
  profile = {},
  onProfile = [{ phone_number: ourNumber }],
  statusOf = () => 200,
  options = {},
}: {
  number?: object;
  profile?: object;
  onProfile?: unknown;
  statusOf?: (line: string) => number;
  options?: Parameters<typeof create>[0];
} = {}) {
  const requests: HttpRequest[] = [];
  const transport: HttpTransport = async (request) => {
    requests.push(request);
    const { pathname } = request.url;
    const numbers = [
      { id: '0', phone_number: `${ourNumber}9`, messaging_profile_id: 'wrong' },
      { id: '1293384', phone_number: ourNumber, messaging_profile_id: profileId, ...number },
    ];
    const data = pathname.endsWith('/phone_numbers/messaging')
      ? numbers
      : pathname.endsWith('/phone_numbers')
        ? onProfile
        : { id: profileId, webhook_url: oldUrl.href, webhook_api_version: '1', ...profile };
    return {
      status: statusOf(`${request.method} ${pathname}`),
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
/** As a program would, that keeps it in a file. */
const kept = (value: JsonObject): JsonObject => JSON.parse(JSON.stringify(value));
const answeringToProfile =
  (status: number) =>
  (line: string): number =>
    line === `GET ${profilePath}` ? status : 200;
const unassigned = { messaging_profile_id: null };

describe('reading a number’s webhook', () => {
  it('asks for the number, and then for its messaging profile', async () => {
    const { setup, asked } = accountWith();
    expect(await setup.inspect(ourNumber)).toEqual({ messageUrl: oldUrl, restore });
    expect(asked()).toEqual([[`GET ${list}`], [`GET ${profilePath}`]]);
  });

  it.each([null, '', undefined])('finds none on a profile with the URL %j', async (url) => {
    const { setup } = accountWith({ profile: { webhook_url: url } });
    expect((await setup.inspect(ourNumber)).messageUrl).toBeNull();
  });

  it('does not know a URL that is none, and keeps it', async () => {
    const { setup } = accountWith({ profile: { webhook_url: 'not a URL' } });
    const found = await setup.inspect(ourNumber);
    expect(found).not.toHaveProperty('messageUrl');
    expect(found.restore).toMatchObject({ profile: { webhookUrl: 'not a URL' } });
  });

  it('finds none on a number without a profile', async () => {
    const { setup, requests } = accountWith({ number: unassigned });
    expect(await setup.inspect(ourNumber)).toEqual({
      messageUrl: null,
      restore: { messagingProfileId: null, profile: null },
    });
    expect(requests).toHaveLength(1);
  });

  it('keeps what the configured profile has when the number is on none', async () => {
    const options = { messagingProfileId: profileId };
    const { setup } = accountWith({ number: unassigned, options });
    expect(await setup.inspect(ourNumber)).toEqual({
      messageUrl: null,
      restore: { ...restore, messagingProfileId: null },
    });
  });

  it('does not mind that the configured profile is not there', async () => {
    const statusOf = answeringToProfile(404);
    const options = { messagingProfileId: profileId };
    const { setup } = accountWith({ number: unassigned, options, statusOf });
    expect((await setup.inspect(ourNumber)).messageUrl).toBeNull();
    expect((await failureOf(setup.apply(ourNumber, { messageUrl }))).code).toBe('invalid_request');
    const broken = accountWith({
      number: unassigned,
      options,
      statusOf: answeringToProfile(500),
    });
    expect((await failureOf(broken.setup.inspect(ourNumber))).code).toBe('provider_unavailable');
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
    expect(await setup.apply(ourNumber, { messageUrl })).toEqual({ messageUrl: oldUrl, restore });
    expect(asked()).toEqual([
      [`GET ${list}`],
      [`GET ${profilePath}`],
      [`GET ${sharedPath}`],
      [`PATCH ${profilePath}`, change],
    ]);
  });

  it('removes the URL for null, and changes nothing when nothing is wanted', async () => {
    const removing = accountWith();
    await removing.setup.apply(ourNumber, { messageUrl: null });
    expect(removing.asked().at(-1)).toEqual([`PATCH ${profilePath}`, { webhook_url: null }]);
    const idle = accountWith();
    expect(await idle.setup.apply(ourNumber, {})).toEqual({ messageUrl: oldUrl, restore });
    expect(idle.requests.map(({ method }) => method)).toEqual(['GET', 'GET']);
  });

  it('writes nothing that is so already', async () => {
    const profile = { webhook_url: 'HTTPS://sms.example.com/in', webhook_api_version: '2' };
    const { setup, requests } = accountWith({ profile, onProfile: [{ phone_number: '55555' }] });
    expect(await setup.apply(ourNumber, { messageUrl })).toMatchObject({ messageUrl });
    expect(requests.map(({ method }) => method)).toEqual(['GET', 'GET']);
  });

  it('puts a number without a profile on the configured one before it changes that', async () => {
    const options = { messagingProfileId: profileId };
    const { setup, asked } = accountWith({ number: unassigned, onProfile: [], options });
    expect(await setup.apply(ourNumber, { messageUrl })).toEqual({
      messageUrl: null,
      restore: { ...restore, messagingProfileId: null },
    });
    expect(asked().slice(3)).toEqual([
      [`PATCH ${numberPath}`, { messaging_profile_id: profileId }],
      [`PATCH ${profilePath}`, change],
    ]);
  });

  it('leaves the profile alone when the number cannot be put on it', async () => {
    const { setup, requests } = accountWith({
      number: unassigned,
      onProfile: [],
      options: { messagingProfileId: profileId },
      statusOf: (line) => (line === `PATCH ${numberPath}` ? 422 : 200),
    });
    const error = await failureOf(setup.apply(ourNumber, { messageUrl }));
    expect(error).toMatchObject({ outcome: 'not-performed', httpStatus: 422 });
    expect(requests.filter(({ method }) => method === 'PATCH')).toHaveLength(1);
  });

  it.each([422, 429, 500])(
    'may have been done once the number was moved, although %i came then',
    async (status) => {
      const { setup } = accountWith({
        number: unassigned,
        onProfile: [],
        options: { messagingProfileId: profileId },
        statusOf: (line) => (line === `PATCH ${profilePath}` ? status : 200),
      });
      const error = await failureOf(setup.apply(ourNumber, { messageUrl }));
      expect(error).toMatchObject({ outcome: 'unknown', provider: 'telnyx', httpStatus: status });
      expect(error.message).toMatch(/^the number was changed in part, so apply it again: /u);
    },
  );

  it('leaves the profile of a number alone, whichever is configured', async () => {
    const { setup, asked } = accountWith({ options: { messagingProfileId: otherProfileId } });
    await setup.apply(ourNumber, { messageUrl });
    expect(asked().at(-1)?.[0]).toBe(`PATCH ${profilePath}`);
  });

  it.each([
    [[{ phone_number: ourNumber }, { phone_number: '+15550100101' }]],
    [[{ phone_number: '+15550100101' }]],
    [[null]],
  ])('is refused on a profile of others, before anything changes: %j', async (onProfile) => {
    for (const wanted of [messageUrl, null]) {
      const { setup, requests } = accountWith({ onProfile });
      const error = await failureOf(setup.apply(ourNumber, { messageUrl: wanted }));
      expect(error).toMatchObject({ code: 'invalid_request', outcome: 'not-performed' });
      expect(error.message).toMatch(/\+1555•••0100 serves other numbers.*changesSharedProfiles/u);
      expect(requests.map(({ method }) => method)).toEqual(['GET', 'GET', 'GET']);
    }
  });

  it('is refused when nobody can say who else is on the profile', async () => {
    const { setup, requests } = accountWith({ onProfile: 'many' });
    const error = await failureOf(setup.apply(ourNumber, { messageUrl }));
    expect(error).toMatchObject({ code: 'malformed_response', outcome: 'not-performed' });
    expect(requests.map(({ method }) => method)).not.toContain('PATCH');
  });

  it('changes a profile of others where that is wanted, without asking who they are', async () => {
    const options = { changesSharedProfiles: true };
    const { setup, asked } = accountWith({ onProfile: [{}], options });
    await setup.apply(ourNumber, { messageUrl });
    expect(asked().slice(2)).toEqual([[`PATCH ${profilePath}`, change]]);
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
      expect(await setup.apply(ourNumber, { messageUrl: null })).toMatchObject({
        messageUrl: null,
      });
      expect(asked().filter(([line]) => !String(line).startsWith('GET'))).toEqual([]);
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

describe('putting a number’s webhook back', () => {
  const now = { webhook_url: messageUrl.href, webhook_api_version: '2' };

  it.each([
    ['HTTPS://Old.example.com', '1'],
    ['not a URL', '2010-04-01'],
    ['', '1'],
    [null, '1'],
  ])('writes the bytes %j and version %s that were there', async (webhookUrl, version) => {
    const profile = { webhook_url: webhookUrl, webhook_api_version: version };
    const found = await accountWith({ profile }).setup.inspect(ourNumber);
    const { setup, asked } = accountWith({ profile: now });
    const settings = { messageUrl: null, restore: kept(found.restore ?? {}) };
    expect(await setup.apply(ourNumber, settings)).toMatchObject({ messageUrl });
    expect(asked().at(-1)).toEqual([`PATCH ${profilePath}`, profile]);
  });

  it('takes a number off the profile that it was put on, and gives that its webhook back', async () => {
    const { setup, asked } = accountWith({ profile: now });
    await setup.apply(ourNumber, { restore: kept({ ...restore, messagingProfileId: null }) });
    expect(asked().slice(3)).toEqual([
      [`PATCH ${numberPath}`, { messaging_profile_id: '' }],
      [`PATCH ${profilePath}`, { webhook_url: oldUrl.href, webhook_api_version: '1' }],
    ]);
  });

  it('puts a number on the profile that it was on, and does not know the webhook of another', async () => {
    const { setup, asked } = accountWith({ number: { messaging_profile_id: otherProfileId } });
    const before = await setup.apply(ourNumber, { restore: kept(restore) });
    expect(before).toEqual({ restore: { ...restore, messagingProfileId: otherProfileId } });
    expect(asked().slice(2)).toEqual([
      [`PATCH ${numberPath}`, { messaging_profile_id: profileId }],
    ]);
  });

  it('looks at nothing else, and writes nothing when all is as it was', async () => {
    const { setup, requests } = accountWith();
    await setup.apply(ourNumber, { messageUrl, voiceUrl: messageUrl, restore: kept(restore) });
    expect(requests.map(({ method }) => method)).toEqual(['GET', 'GET']);
  });

  it('leaves a version alone that Telnyx did not tell', async () => {
    const { setup, asked } = accountWith({ profile: now });
    const profile = { ...restore.profile, webhookApiVersion: null };
    await setup.apply(ourNumber, { restore: { ...restore, profile } });
    expect(asked().at(-1)).toEqual([`PATCH ${profilePath}`, { webhook_url: oldUrl.href }]);
  });

  it.each([
    { messagingProfileId: '../x' },
    { messagingProfileId: 7 },
    { profile: 'x' },
    { profile: { ...restore.profile, id: 'a/b' } },
    { profile: { ...restore.profile, webhookUrl: 7 } },
    { profile: { id: profileId, webhookUrl: null } },
  ])('is refused for what this provider never returned: %j', async (wrong) => {
    const { setup, requests } = accountWith();
    const error = await failureOf(setup.apply(ourNumber, { restore: wrong }));
    expect(error).toMatchObject({ code: 'invalid_request', outcome: 'not-performed' });
    expect(requests).toEqual([]);
  });
});
