import { describe, expect, it } from 'vitest';
import { createProvider } from './create-provider.ts';
import { parseConfig } from './accounts.ts';

const twilio = { accountSid: `AC${'0'.repeat(32)}`, authToken: 'token' };
const base = { provider: 'twilio', fromNumber: '+15550100100' };
const request = {
  method: 'POST',
  url: 'http://127.0.0.1/telephony/webhook',
  headers: new Headers({
    'x-twilio-signature': `${'A'.repeat(27)}=`,
    'content-type': 'application/x-www-form-urlencoded',
  }),
  body: new TextEncoder().encode('MessageSid=SM1&From=%2B15550100123&To=%2B15550100100&Body=hi'),
  receivedAt: new Date(0),
};

describe('a provider made from a configuration', () => {
  it('is the carrier that was named', () => {
    expect(createProvider(parseConfig({ ...base, twilio })).id).toBe('twilio');
    const mock = { provider: 'mock', fromNumber: '+15550100100', mock: { webhookSecret: 'word' } };
    expect(createProvider(parseConfig(mock)).id).toBe('mock');
  });
  it.each([
    [{ ...base }, /twilio\.accountSid is missing \(TWILIO_ACCOUNT_SID\)/u],
    [
      { ...base, twilio: { accountSid: twilio.accountSid } },
      /twilio\.authToken is missing \(TWILIO_AUTH_TOKEN\): it checks that webhooks are genuine/u,
    ],
    [{ ...base, provider: 'telnyx' }, /telnyx\.apiKey is missing \(TELNYX_API_KEY\)/u],
    [
      { ...base, provider: 'telnyx', telnyx: { apiKey: 'KEY1' } },
      /telnyx\.publicKey is missing \(TELNYX_PUBLIC_KEY\): it checks/u,
    ],
    [{ ...base, provider: 'plivo' }, /plivo\.authId is missing \(PLIVO_AUTH_ID\)/u],
    [
      { ...base, provider: 'plivo', plivo: { authId: 'MA1' } },
      /plivo\.authToken is missing \(PLIVO_AUTH_TOKEN\): it checks/u,
    ],
    [
      { ...base, twilio: { ...twilio, apiKeySid: 'SK1' } },
      /apiKeySid and twilio\.apiKeySecret belong together/u,
    ],
    [
      { ...base, twilio: { ...twilio, accountSid: 'AC…' } },
      /twilio\.accountSid must be AC and then 32 letters and digits/u,
    ],
    [
      { ...base, twilio: { ...twilio, messagingServiceSid: 'MG…' } },
      /twilio\.messagingServiceSid must be MG and then 32 letters and digits/u,
    ],
    [
      { ...base, twilio: { ...twilio, apiKeySid: 'SK…', apiKeySecret: 'secret' } },
      /twilio\.apiKeySid must be SK and then 32 letters and digits/u,
    ],
    [
      { ...base, provider: 'plivo', plivo: { authId: 'MA…', authToken: 'token' } },
      /plivo\.authId must be MA, or SA for a subaccount, and then letters and digits/u,
    ],
    [{ provider: 'mock', fromNumber: '+15550100100' }, /mock\.webhookSecret is missing/u],
  ])('is not made without what the carrier needs', (config, problem) => {
    expect(() => createProvider(parseConfig(config))).toThrow(problem);
  });
  it('checks signatures', () => {
    const provider = createProvider(parseConfig({ ...base, twilio }));
    expect(() => provider.webhooks.verify(request)).toThrow(
      expect.objectContaining({ code: 'webhook_rejected', reason: 'signature_mismatch' }),
    );
  });
  it('checks none when a person at their own desk said so, and still reads the text', () => {
    const provider = createProvider(
      parseConfig({ ...base, twilio, skipSignatureVerification: true }),
    );
    expect(provider.webhooks.requiredHeaders).toEqual([]);
    const events = provider.webhooks.parse(provider.webhooks.verify(request));
    expect(events).toMatchObject([{ type: 'message.received', message: { text: 'hi' } }]);
    const fromBrowser = { ...request, headers: new Headers({ origin: 'https://evil.example' }) };
    expect(() => provider.webhooks.verify(fromBrowser)).toThrow('a browser sent this');
  });
});
