import { describe, expect, it } from 'vitest';
import type { HttpRequest, HttpTransport } from '@openclaw/telephony-core';
import { accountSid, create, failureOf, ourNumber } from './fake-twilio.testing.ts';

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
    });
  });

  it('leaves out what is no URL, so that nobody puts back another', async () => {
    const { setup } = accountWith({ sms_url: 'not a URL' });
    expect(await setup.inspect(ourNumber)).not.toHaveProperty('messageUrl');
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
    });
    expect(requests).toHaveLength(2);
    expect(requests[1]?.url.pathname).toBe(
      `/2010-04-01/Accounts/${accountSid}/IncomingPhoneNumbers/PN1.json`,
    );
    expect(Object.fromEntries(new URLSearchParams(requests[1]?.body))).toEqual({
      SmsUrl: wanted.messageUrl.href,
      SmsMethod: 'POST',
      VoiceUrl: wanted.voiceUrl.href,
      VoiceMethod: 'POST',
      StatusCallback: wanted.callStatusUrl.href,
      StatusCallbackMethod: 'POST',
    });
  });

  it('changes only what is wanted, and nothing when nothing is', async () => {
    const { setup, requests } = accountWith({ voice_url: 'https://old.example.com/voice' });
    const before = await setup.apply(ourNumber, { messageUrl: wanted.messageUrl });
    expect(before).toEqual({ messageUrl: null });
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
