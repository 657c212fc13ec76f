import { failureOf } from '@openclaw/provider-testkit';
import { describe, expect, it } from 'vitest';
import type { HttpTransport } from '@openclaw/telephony-core';
import { create, ourNumber } from './fake-plivo.testing.ts';
import { accountWith, none, old, ours, wanted } from './plivo-account.testing.ts';

const nothing = { ...none, restore: { applicationId: null, fields: {} } };
const oldSettings = {
  messageUrl: new URL(old.message_url),
  voiceUrl: new URL(old.answer_url),
  callStatusUrl: new URL(old.hangup_url),
  restore: { applicationId: '77', fields: old },
};

describe('reading a number’s webhooks', () => {
  it('asks for the number, then for its application', async () => {
    const { setup, asked } = accountWith({ '77': old }, { [ours]: '77' });
    expect(await setup.inspect(ourNumber)).toEqual(oldSettings);
    expect(asked).toEqual([`GET /Number/${ours}/`, 'GET /Application/77/']);
  });

  it('finds nowhere on a number without an application, and in an application without URLs', async () => {
    expect(await accountWith({}, { [ours]: null }).setup.inspect(ourNumber)).toEqual(nothing);
    const empty = accountWith({ '77': { message_url: '' } }, { [ours]: '77' });
    expect(await empty.setup.inspect(ourNumber)).toMatchObject(none);
  });

  it('says when the number is not on the account', async () => {
    const error = await failureOf(accountWith({}, {}).setup.inspect(ourNumber));
    expect(error.code).toBe('not_found');
    expect(error.message).toBe('+1555•••0100 is not a number of this Plivo account');
  });

  it('does not blame the number for anything else', async () => {
    const { setup } = accountWith({}, { [ours]: '77' });
    const error = await failureOf(setup.inspect(ourNumber));
    expect(error).toMatchObject({
      code: 'not_found',
      message: expect.not.stringContaining('0100'),
    });
  });
});

describe('setting a number’s webhooks', () => {
  it('changes its application, and returns what was there before', async () => {
    const account = accountWith({ '77': { ...old } }, { [ours]: '77' });
    const before = await account.setup.apply(ourNumber, wanted);
    expect(before).toEqual(oldSettings);
    expect(account.applications['77']).toEqual({
      message_url: wanted.messageUrl.href,
      message_method: 'POST',
      answer_url: wanted.voiceUrl.href,
      answer_method: 'POST',
      hangup_url: wanted.callStatusUrl.href,
      hangup_method: 'POST',
    });
    await account.setup.apply(ourNumber, before);
    expect(account.applications['77']).toMatchObject(old);
  });

  it('changes only what is wanted, removes what is null, and writes nothing that holds already', async () => {
    const account = accountWith({ '77': { ...old } }, { [ours]: '77' });
    await account.setup.apply(ourNumber, { messageUrl: wanted.messageUrl, voiceUrl: null });
    expect(account.asked.at(-1)).toBe(
      `POST /Application/77/ {"message_url":"${wanted.messageUrl.href}","message_method":"POST","answer_url":""}`,
    );
    const askedCount = account.asked.length;
    await account.setup.apply(ourNumber, { messageUrl: wanted.messageUrl, voiceUrl: null });
    await account.setup.apply(ourNumber, {});
    expect(account.asked.slice(askedCount).filter((request) => request.startsWith('POST'))).toEqual(
      [],
    );
  });

  it('gives a number without an application one of its own, and takes it away again', async () => {
    const account = accountWith({}, { [ours]: null });
    const before = await account.setup.apply(ourNumber, { messageUrl: wanted.messageUrl });
    expect(before).toEqual(nothing);
    expect(account.applications['new']).toEqual({
      app_name: `telephony-${ours}-1795176000000`,
      message_url: wanted.messageUrl.href,
      message_method: 'POST',
    });
    expect(account.numbers[ours]).toBe('new');
    await account.setup.apply(ourNumber, before);
    expect(account.numbers[ours]).toBe('');
    expect(await account.setup.inspect(ourNumber)).toEqual(nothing);
    const askedCount = account.asked.length;
    await account.setup.apply(ourNumber, none);
    expect(account.asked.slice(askedCount)).toEqual([`GET /Number/${ours}/`]);
  });

  it('refuses to change an application that other numbers use, also on a later page', async () => {
    const others = Object.fromEntries(
      Array.from({ length: 45 }, (_, index): [string, string] => [`1555020${1000 + index}`, '78']),
    );
    const alone = accountWith({ '77': { ...old } }, { [ours]: '77', ...others });
    await alone.setup.apply(ourNumber, { messageUrl: wanted.messageUrl });
    expect(alone.applications['77']).toMatchObject({ message_url: wanted.messageUrl.href });
    const shared = accountWith({ '77': { ...old } }, { [ours]: '77', ...others, '9': '77' });
    const error = await failureOf(shared.setup.apply(ourNumber, { messageUrl: wanted.messageUrl }));
    expect(error).toMatchObject({ code: 'invalid_request', outcome: 'not-performed' });
    expect(error.message).toContain('application 77');
    expect(shared.applications['77']).toEqual(old);
  });

  it('changes a shared application when told so, and leaves it when nothing remains', async () => {
    const numbers = { [ours]: '77', '15550100199': '77' };
    const options = { changesSharedApplications: true };
    const account = accountWith({ '77': { ...old } }, numbers, options);
    await account.setup.apply(ourNumber, { messageUrl: wanted.messageUrl });
    expect(account.applications['77']).toMatchObject({ message_url: wanted.messageUrl.href });
    const leaving = accountWith({ '77': { ...old } }, { ...numbers, [ours]: '77' });
    await leaving.setup.apply(ourNumber, none);
    expect(leaving.applications['77']).toEqual(old);
    expect(leaving.numbers).toEqual({ ...numbers, [ours]: '' });
  });

  it('refuses where there are too many numbers to know, and where Plivo names no application', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 2000 }, (_, index): [string, string] => [`1555${1e6 + index}`, '78']),
    );
    const large = accountWith({ '77': { ...old } }, { ...many, [ours]: '77' });
    const error = await failureOf(large.setup.apply(ourNumber, { voiceUrl: null }));
    expect(error).toMatchObject({ code: 'invalid_request', outcome: 'not-performed' });
    expect(large.applications['77']).toEqual(old);
    const answers = [{ application: null }, { objects: [] }, { message: 'created' }];
    const transport: HttpTransport = async () => ({
      status: 200,
      header: () => undefined,
      text: () => Promise.resolve(JSON.stringify(answers.shift())),
    });
    const { numberSetup } = create({ transport });
    const work = numberSetup.apply(ourNumber, { messageUrl: wanted.messageUrl });
    expect(await failureOf(work)).toMatchObject({ code: 'malformed_response', outcome: 'unknown' });
  });
});
