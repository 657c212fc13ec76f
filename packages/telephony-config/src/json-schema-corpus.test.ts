import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { parseAccounts } from './accounts.ts';
import { telephonyJsonSchema } from './json-schema.ts';

/** The validator that the repository's own checks use; hosts use the same. */
const require = createRequire(new URL('../../../package.json', import.meta.url));
const {
  Ajv,
}: {
  Ajv: new (options: object) => { compile(schema: object): (value: unknown) => boolean };
} = require('ajv');
const accepts = new Ajv({ strict: true, allErrors: true, allowUnionTypes: true }).compile(
  telephonyJsonSchema(),
);
const isLoaded = (value: unknown): boolean => {
  try {
    return parseAccounts(value).length > 0;
  } catch {
    return false;
  }
};
const minimal = { provider: 'twilio', fromNumber: '+15550100100' };

describe('the JSON schema and loading', () => {
  it.each([
    minimal,
    { ...minimal, fromNumber: '72345' },
    { ...minimal, twilio: { authToken: ['one', 'two'] }, publicUrl: 'https://sms.example.com/a' },
    { ...minimal, telnyx: { publicKey: 'key', baseUrl: 'http://127.0.0.1:8080' } },
    { ...minimal, inboundPolicy: 'open', allowFrom: ['*'], enabled: true },
    { ...minimal, dmPolicy: 'disabled', maxConcurrentSessions: 1 },
    { ...minimal, webhookSecurity: { trustedProxyIPs: ['10.0.0.1', '::1'] } },
    { ...minimal, tunnel: { provider: 'ngrok', ngrokDomain: 'a.example' }, voice: {} },
    {
      ...minimal,
      media: {
        inbound: { maxCount: 0, maxBytes: 1, maxTotalBytes: 2, tryAgainAfterMs: [] },
        host: {
          folder: 'm',
          allowedFolders: [],
          ttlMs: 1,
          keptMs: 1,
          maxEntries: 1,
          maxTotalBytes: 1,
        },
      },
    },
    {
      ...minimal,
      outbound: {
        allowTo: ['*'],
        segmentsPerSecond: 0.5,
        quietHours: { from: '22:00', to: '07:00', timeZone: 'UTC' },
      },
    },
    {
      ...minimal,
      accounts: { sales: { fromNumber: '+15550100101', sms: { overflow: 'error' }, serve: {} } },
      defaultAccount: 'sales',
    },
  ])('both take what is right: %j', (value) => {
    expect([isLoaded(value), accepts(value)]).toEqual([true, true]);
  });
  it.each([
    { ...minimal, colour: 'red' },
    { ...minimal, provider: 'pigeon' },
    { ...minimal, sms: { maxLength: 0 } },
    { ...minimal, sms: { maxLength: 1.5 } },
    { ...minimal, serve: { port: 70_000 } },
    { ...minimal, serve: { path: 'hook' } },
    { ...minimal, twilio: { accountSid: 'XX' } },
    { ...minimal, tunnel: { provider: 'frp' } },
    { ...minimal, media: { inbound: { maxTotalBytes: 0 } } },
    { ...minimal, media: { inbound: { tryAgainAfterMs: [-1] } } },
    { ...minimal, media: { host: { ttlMs: 0 } } },
    { ...minimal, media: { mediaMaxMb: 5 } },
    { ...minimal, outbound: { quietHours: { from: '22:00' } } },
    { ...minimal, accounts: { 'No name': { fromNumber: '+15550100101' } } },
    { ...minimal, accounts: { sales: { fromNumber: '+15550100101', tunnel: {} } } },
    { ...minimal, accounts: { sales: { fromNumber: '+15550100101', serve: { port: 1 } } } },
    { ...minimal, accounts: [] },
    'text',
    undefined,
  ])('both refuse what is wrong in its form: %j', (value) => {
    expect([isLoaded(value), accepts(value)]).toEqual([false, false]);
  });
});
