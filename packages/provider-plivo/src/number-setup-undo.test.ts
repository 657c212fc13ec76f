import { failureOf } from '@openclaw/provider-testkit';
import type { WebhookSettings } from '@openclaw/telephony-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ourNumber } from './fake-plivo.testing.ts';
import { accountWith, none, old, ours, wanted } from './plivo-account.testing.ts';

/** As somebody keeps it in a file. */
const kept = ({ restore = {} }: WebhookSettings): WebhookSettings => ({
  restore: JSON.parse(JSON.stringify(restore)),
});

const moving = (request: string) => request.startsWith('POST /Number/');
const creating = (request: string) => request.startsWith('POST /Application/');
/** Fails what fits. */
const failingWith = (status: number, fits: (request: string) => boolean) => ({
  failing: (request: string) => (fits(request) ? status : undefined),
});

describe('undoing', () => {
  it('puts back the very bytes and methods, whatever was set in between', async () => {
    const text = fc.oneof(
      fc.constantFrom(
        '',
        'HTTP://Old.example.com',
        'https://old.example.com/a b',
        'sip:x',
        '{url}',
      ),
      fc.webUrl(),
      fc.string(),
    );
    const method = fc.constantFrom('GET', 'POST');
    const application = fc.record({
      message_url: text,
      message_method: method,
      answer_url: text,
      answer_method: method,
      hangup_url: text,
      hangup_method: method,
    });
    const change = fc.record(
      {
        messageUrl: fc.constantFrom(null, wanted.messageUrl),
        voiceUrl: fc.constantFrom(null, wanted.voiceUrl),
        callStatusUrl: fc.constantFrom(null, wanted.callStatusUrl),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(application, change, async (fields, settings) => {
        const account = accountWith({ '77': { ...fields } }, { [ours]: '77' });
        const before = await account.setup.apply(ourNumber, settings);
        await account.setup.apply(ourNumber, kept(before));
        expect(account.applications).toEqual({ '77': fields });
        expect(account.numbers).toEqual({ [ours]: '77' });
      }),
    );
  });

  it('shows nothing for what is no URL, and takes it away when told so', async () => {
    const account = accountWith({ '77': { ...old, message_url: 'sms handler' } }, { [ours]: '77' });
    const before = await account.setup.apply(ourNumber, { messageUrl: null });
    expect(before).not.toHaveProperty('messageUrl');
    expect(account.applications['77']).toEqual({ ...old, message_url: '' });
  });

  it('does not leave an application in which something stands that is no URL', async () => {
    const account = accountWith({ '77': { message_url: 'sms handler' } }, { [ours]: '77' });
    await account.setup.apply(ourNumber, { voiceUrl: null });
    expect(account.changesAsked()).toEqual([]);
  });

  it('moves the number back to the application that it left', async () => {
    const account = accountWith({ '77': { ...old } }, { [ours]: '77', '15550100199': '77' });
    const before = await account.setup.apply(ourNumber, none);
    expect(account.numbers[ours]).toBe('');
    await account.setup.apply(ourNumber, kept(before));
    expect(account.numbers[ours]).toBe('77');
    expect(account.applications).toEqual({ '77': old });
  });

  it('can be undone itself, and twice does nothing', async () => {
    const account = accountWith({ '77': { ...old } }, { [ours]: null });
    const before = await account.setup.apply(ourNumber, wanted);
    const set = await account.setup.apply(ourNumber, kept(before));
    const askedCount = account.changesAsked().length;
    await account.setup.apply(ourNumber, kept(before));
    expect(account.changesAsked()).toHaveLength(askedCount);
    await account.setup.apply(ourNumber, kept(set));
    expect(account.numbers[ours]).toBe('new');
  });

  it('looks at nothing beside `restore`', async () => {
    const account = accountWith({ '77': { ...old } }, { [ours]: '77' });
    const { restore = {} } = await account.setup.inspect(ourNumber);
    await account.setup.apply(ourNumber, { ...wanted, restore });
    expect(account.changesAsked()).toEqual([]);
  });

  it('refuses to change an application that other numbers have come to use', async () => {
    const account = accountWith({ '77': { ...old } }, { [ours]: '77' });
    const before = await account.setup.apply(ourNumber, wanted);
    account.numbers['15550100199'] = '77';
    const error = await failureOf(account.setup.apply(ourNumber, kept(before)));
    expect(error).toMatchObject({ code: 'invalid_request', outcome: 'not-performed' });
  });

  it('says when the application is gone', async () => {
    const account = accountWith({ '77': { ...old } }, { [ours]: '77' });
    const before = await account.setup.apply(ourNumber, none);
    delete account.applications['77'];
    const error = await failureOf(account.setup.apply(ourNumber, kept(before)));
    expect(error).toMatchObject({ code: 'not_found', outcome: 'not-performed' });
    expect(error.message).toContain('application 77');
  });

  it.each([
    {},
    { applicationId: 7, fields: {} },
    { applicationId: '../Number', fields: {} },
    { applicationId: '77' },
    { applicationId: '77', fields: { app_name: 'x' } },
    { applicationId: '77', fields: { message_url: null } },
  ])('refuses %j, which it did not make, before any request', async (restore) => {
    const account = accountWith({ '77': { ...old } }, { [ours]: '77' });
    const error = await failureOf(account.setup.apply(ourNumber, { restore }));
    expect(error).toMatchObject({ code: 'invalid_request', outcome: 'not-performed' });
    expect(account.asked).toEqual([]);
  });
});

describe('an application that is not understood', () => {
  it.each([undefined, 77, {}, '/v1/Account/MA1/Phlo/x/?'])(
    'such as %j is not taken for none, and not replaced',
    async (application) => {
      const given = typeof application === 'string' ? { path: application } : application;
      const account = accountWith({ '77': { ...old } }, { [ours]: given });
      expect(await account.setup.inspect(ourNumber)).toEqual({});
      expect(await account.setup.apply(ourNumber, {})).toEqual({});
      const restore = { applicationId: null, fields: {} };
      for (const settings of [wanted, none, { restore }]) {
        const error = await failureOf(account.setup.apply(ourNumber, settings));
        expect(error).toMatchObject({ code: 'invalid_request', outcome: 'not-performed' });
        expect(error.message).toContain('+1555•••0100');
      }
      expect(account.changesAsked()).toEqual([]);
    },
  );
});

describe('a change that stops half-way', () => {
  it.each([400, 401, 404, 408, 429, 500])(
    'with a %i, after the application was made, has an unknown outcome',
    async (status) => {
      const account = accountWith({}, { [ours]: null }, failingWith(status, moving));
      const error = await failureOf(account.setup.apply(ourNumber, wanted));
      expect(error).toMatchObject({ outcome: 'unknown', httpStatus: status });
      expect(error.message).toContain('the Plivo application new was made ready');
    },
  );

  it('is not-performed while the application was not made', async () => {
    const account = accountWith({}, { [ours]: null }, failingWith(400, creating));
    const error = await failureOf(account.setup.apply(ourNumber, wanted));
    expect(error).toMatchObject({ code: 'invalid_request', outcome: 'not-performed' });
  });

  it('goes on with the same application, without what else was left in it', async () => {
    let isBroken = true;
    const failing = (request: string) => (isBroken && moving(request) ? 400 : undefined);
    const account = accountWith({}, { [ours]: null }, { failing });
    await failureOf(account.setup.apply(ourNumber, wanted));
    isBroken = false;
    await account.setup.apply(ourNumber, { voiceUrl: wanted.voiceUrl });
    expect(Object.keys(account.applications)).toEqual(['new']);
    expect(account.numbers[ours]).toBe('new');
    expect(await account.setup.inspect(ourNumber)).toMatchObject({
      messageUrl: null,
      voiceUrl: wanted.voiceUrl,
      callStatusUrl: null,
    });
  });

  it('takes no application of another number, of another name, or that is used', async () => {
    const applications = {
      '1': { app_name: `telephony-${ours}9-1795176000000` },
      '2': { app_name: `my telephony-${ours}-1` },
      '3': { app_name: `telephony-${ours}-mine` },
      '4': { app_name: `telephony-${ours}-1` },
    };
    const account = accountWith(structuredClone(applications), { [ours]: null, '9': '4' });
    await account.setup.apply(ourNumber, wanted);
    expect(account.applications).toMatchObject(applications);
    expect(account.numbers[ours]).toBe('new');
  });

  it('while undoing has an unknown outcome as well', async () => {
    let isBroken = false;
    const failing = (request: string) => (isBroken && moving(request) ? 429 : undefined);
    const account = accountWith({ '77': { ...old } }, { [ours]: '77' }, { failing });
    const before = await account.setup.apply(ourNumber, none);
    account.applications['77'] = { ...old, message_url: 'https://other.example.com/' };
    isBroken = true;
    const error = await failureOf(account.setup.apply(ourNumber, kept(before)));
    expect(error).toMatchObject({ code: 'rate_limited', outcome: 'unknown' });
    expect(account.applications['77']).toEqual(old);
  });
});

it('takes an answer without a list for no list, and not for an empty one', async () => {
  const listless = failingWith(200, (request) => request === 'GET /Number/');
  const account = accountWith({ '77': { ...old } }, { [ours]: '77' }, listless);
  const error = await failureOf(account.setup.apply(ourNumber, wanted));
  expect(error).toMatchObject({ code: 'malformed_response', outcome: 'not-performed' });
  expect(account.applications['77']).toEqual(old);
});
