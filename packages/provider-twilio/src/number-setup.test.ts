import { failureOf } from '@openclaw/provider-testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HttpRequest, type HttpTransport, parseJsonObject } from '@openclaw/telephony-core';
import { accountSid, create, ourNumber } from './fake-twilio.testing.ts';

const wanted = {
  messageUrl: new URL('https://sms.example.com/in#rc=2&rp=all'),
  voiceUrl: new URL('https://sms.example.com/call'),
  callStatusUrl: new URL('https://sms.example.com/call-status'),
};

/** An account with one number of that shape, beside one that only contains it. */
function accountWith(resource: Record<string, unknown>) {
  const requests: HttpRequest[] = [];
  const transport: HttpTransport = async (request) => {
    requests.push(request);
    const numbers = [
      { sid: 'PN0', phone_number: `${ourNumber}9`, sms_url: 'https://wrong.example.com/' },
      { sid: 'PN1', phone_number: ourNumber, ...resource },
    ];
    const body = request.method === 'GET' ? { incoming_phone_numbers: numbers } : numbers[1];
    return {
      status: 200,
      header: () => undefined,
      text: () => Promise.resolve(JSON.stringify(body)),
    };
  };
  return { requests, setup: create({ transport }).numberSetup };
}

describe('reading a number’s webhooks', () => {
  it('asks for the number, and takes the exact one', async () => {
    const { setup, requests } = accountWith({
      sms_url: 'https://old.example.com/sms',
      voice_url: 'https://old.example.com/voice',
      status_callback: 'https://old.example.com/status',
    });
    expect(await setup.inspect(ourNumber)).toEqual({
      messageUrl: new URL('https://old.example.com/sms'),
      voiceUrl: new URL('https://old.example.com/voice'),
      callStatusUrl: new URL('https://old.example.com/status'),
      restore: {
        SmsUrl: 'https://old.example.com/sms',
        VoiceUrl: 'https://old.example.com/voice',
        StatusCallback: 'https://old.example.com/status',
      },
    });
    expect(requests.map(({ method, url }) => `${method} ${url.pathname}${url.search}`)).toEqual([
      `GET /2010-04-01/Accounts/${accountSid}/IncomingPhoneNumbers.json?PhoneNumber=%2B15550100100`,
    ]);
  });

  it('finds nothing on a number that has none yet', async () => {
    expect(await accountWith({ sms_url: '', voice_url: null }).setup.inspect(ourNumber)).toEqual({
      messageUrl: null,
      voiceUrl: null,
      callStatusUrl: null,
      restore: { SmsUrl: '', VoiceUrl: '', StatusCallback: '' },
    });
  });

  it('leaves out what is no URL, and keeps it to be put back', async () => {
    const { setup } = accountWith({ sms_url: 'not a URL' });
    const settings = await setup.inspect(ourNumber);
    expect(settings).not.toHaveProperty('messageUrl');
    expect(settings.restore).toMatchObject({ SmsUrl: 'not a URL' });
  });

  it('leaves out what an application or a trunk replaces', async () => {
    const urls = {
      sms_url: 'https://old.example.com/sms',
      voice_url: 'https://old.example.com/voice',
      status_callback: 'https://old.example.com/status',
    };
    const { setup } = accountWith({ ...urls, sms_application_sid: 'AP1', trunk_sid: 'TK1' });
    expect(await setup.inspect(ourNumber)).toEqual({});
  });

  it('says when the number is not on the account', async () => {
    const { setup } = accountWith({ phone_number: '+15550100101' });
    const error = await failureOf(setup.inspect(ourNumber));
    expect(error.code).toBe('not_found');
    expect(error.message).toBe('+1555•••0100 is not a number of this Twilio account and region');
  });
});

describe('setting a number’s webhooks', () => {
  it('posts each URL with its method, and returns what was there before', async () => {
    const { setup, requests } = accountWith({ sms_url: 'https://old.example.com/sms' });
    expect(await setup.apply(ourNumber, wanted)).toEqual({
      messageUrl: new URL('https://old.example.com/sms'),
      voiceUrl: null,
      callStatusUrl: null,
      restore: { SmsUrl: 'https://old.example.com/sms', VoiceUrl: '', StatusCallback: '' },
    });
    expect(requests).toHaveLength(2);
    expect(requests[1]?.url.pathname).toBe(
      `/2010-04-01/Accounts/${accountSid}/IncomingPhoneNumbers/PN1.json`,
    );
    expect(Object.fromEntries(new URLSearchParams(requests[1]?.body))).toEqual({
      SmsUrl: wanted.messageUrl.href,
      SmsMethod: 'POST',
      VoiceUrl: `${wanted.voiceUrl.href}#rc=5&rp=all`,
      VoiceMethod: 'POST',
      StatusCallback: `${wanted.callStatusUrl.href}#rc=5&rp=all`,
      StatusCallbackMethod: 'POST',
    });
  });

  it('changes only what is wanted, and nothing when nothing is', async () => {
    const { setup, requests } = accountWith({ voice_url: 'https://old.example.com/voice' });
    const before = await setup.apply(ourNumber, { messageUrl: wanted.messageUrl });
    expect(before).toEqual({ messageUrl: null, restore: { SmsUrl: '' } });
    expect([...new URLSearchParams(requests[1]?.body).keys()]).toEqual(['SmsUrl', 'SmsMethod']);
    await setup.apply(ourNumber, {});
    expect(requests.slice(2).map(({ method }) => method)).toEqual(['GET']);
  });

  it('removes what is wanted to be null, so that nothing can be put back', async () => {
    const { setup, requests } = accountWith({ sms_url: 'https://old.example.com/sms' });
    await setup.apply(ourNumber, { messageUrl: null, callStatusUrl: null });
    expect([...new URLSearchParams(requests[1]?.body)]).toEqual([
      ['SmsUrl', ''],
      ['StatusCallback', ''],
    ]);
  });

  it.each([
    [{ messageUrl: null }, { sms_application_sid: 'AP1' }, 'application AP1'],
    [{ messageUrl: wanted.messageUrl }, { sms_application_sid: 'AP1' }, 'application AP1'],
    [{ voiceUrl: wanted.voiceUrl }, { voice_application_sid: 'AP2' }, 'application AP2'],
    [{ callStatusUrl: wanted.callStatusUrl }, { trunk_sid: 'TK1' }, 'SIP trunk TK1'],
  ])('refuses %j where Twilio would ignore it', async (settings, resource, owner) => {
    const { setup, requests } = accountWith(resource);
    const error = await failureOf(setup.apply(ourNumber, settings));
    expect(error).toMatchObject({ code: 'invalid_request', outcome: 'not-performed' });
    expect(error.message).toContain(owner);
    expect(requests).toHaveLength(1);
  });

  it('does not mind an application that concerns something else', async () => {
    const { setup, requests } = accountWith({ voice_application_sid: 'AP2' });
    await setup.apply(ourNumber, { messageUrl: wanted.messageUrl });
    expect(requests).toHaveLength(2);
  });
});

/** `SmsUrl` as a resource has it: `sms_url`. */
const fieldOf = (parameter: string): string =>
  parameter.replaceAll(/(?<=[a-z])[A-Z]/gu, '_$&').toLowerCase();

/** An account with one number that keeps what is posted, as Twilio does. */
function livingNumber(initial: Record<string, string | null>) {
  const resource: Record<string, string | null> = {
    sid: 'PN1',
    phone_number: ourNumber,
    ...initial,
  };
  const transport: HttpTransport = async ({ method, body }) => {
    if (method === 'POST') {
      for (const [name, value] of new URLSearchParams(body)) resource[fieldOf(name)] = value;
    }
    const answer = method === 'GET' ? { incoming_phone_numbers: [resource] } : resource;
    return {
      status: 200,
      header: () => undefined,
      text: () => Promise.resolve(JSON.stringify(answer)),
    };
  };
  return { resource, setup: create({ transport }).numberSetup };
}

describe('putting back a number’s webhooks', () => {
  const url = fc.oneof(
    fc.webUrl({ withQueryParameters: true, withFragments: true }),
    fc.constantFrom('', 'not a URL', 'HTTPS://Old.Example.COM', 'https://x.example.com/a b?c=[d]'),
  );
  const method = fc.constantFrom('GET', 'POST');
  const urls = fc.record({ sms_url: url, voice_url: url, status_callback: url });
  const methods = fc.record({
    sms_method: method,
    voice_method: method,
    status_callback_method: method,
  });
  const some = fc
    .subarray(['messageUrl', 'voiceUrl', 'callStatusUrl'] as const)
    .map((keys) => Object.fromEntries(keys.map((key) => [key, wanted[key]])));

  it('restores every byte and every method, from what `apply` returned and from what `inspect` did', async () => {
    await fc.assert(
      fc.asyncProperty(urls, methods, some, fc.boolean(), async (old, verbs, change, inspects) => {
        const { resource, setup } = livingNumber({ ...old, ...verbs });
        const initial = { ...resource };
        const seen = await setup.inspect(ourNumber);
        const replaced = await setup.apply(ourNumber, change);
        // It may have been kept as JSON in between.
        const kept = JSON.stringify((inspects ? seen : replaced).restore ?? {});
        await setup.apply(ourNumber, { messageUrl: null, restore: parseJsonObject(kept) ?? {} });
        expect(resource).toEqual(initial);
      }),
    );
  });

  it('can itself be undone', async () => {
    const { resource, setup } = livingNumber({ sms_url: 'not a URL', sms_method: 'GET' });
    const before = await setup.apply(ourNumber, { messageUrl: wanted.messageUrl });
    const again = await setup.apply(ourNumber, before);
    expect(resource).toMatchObject({ sms_url: 'not a URL', sms_method: 'GET' });
    await setup.apply(ourNumber, again);
    expect(resource).toMatchObject({ sms_url: wanted.messageUrl.href, sms_method: 'POST' });
  });

  it('leaves alone what the change had not touched', async () => {
    const { resource, setup } = livingNumber({ sms_url: '', voice_url: 'https://a.example.com/' });
    const before = await setup.apply(ourNumber, { messageUrl: wanted.messageUrl });
    await setup.apply(ourNumber, { voiceUrl: wanted.voiceUrl });
    await setup.apply(ourNumber, before);
    expect(resource).toMatchObject({
      sms_url: '',
      voice_url: `${wanted.voiceUrl.href}#rc=5&rp=all`,
    });
  });

  it.each([{ FriendlyName: 'x' }, { SmsUrl: 7 }, { SmsUrl: null }, { application: 'x' }])(
    'refuses %j, which this provider did not make, before anything leaves',
    async (restore) => {
      const { setup, requests } = accountWith({});
      const error = await failureOf(setup.apply(ourNumber, { restore }));
      expect(error).toMatchObject({ code: 'invalid_request', outcome: 'not-performed' });
      expect(requests).toEqual([]);
    },
  );
});
