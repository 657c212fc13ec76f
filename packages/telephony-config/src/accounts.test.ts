import { describe, expect, it } from 'vitest';
import { parseAccounts, parseConfig } from './accounts.ts';
import { ConfigError } from './config-error.ts';
import type { Environment } from './environment.ts';

const twilio = { accountSid: 'AC1', authToken: 'token' };
const sales = { fromNumber: '+15550100101' };
const support = { provider: 'plivo', fromNumber: '+15550100102' };
const file = {
  provider: 'twilio',
  fromNumber: '+15550100100',
  twilio,
  sms: { maxLength: 320 },
  accounts: { sales, support },
};
const paths = (value: unknown): unknown =>
  parseAccounts(value).map(({ config: { serve } }) => [serve.path, serve.statusPath]);
const ids = (value: unknown): string[] => parseAccounts(value).map(({ id }) => id);
const problemsOf = (value: unknown, environment = {}): readonly string[] => {
  try {
    parseAccounts(value, { environment });
    return [];
  } catch (error) {
    return error instanceof ConfigError ? error.problems : [`no ConfigError: ${String(error)}`];
  }
};

describe('several accounts', () => {
  it('inherit what they do not set, section by section', () => {
    const entry = { ...sales, sms: { transliterate: true }, allowFrom: ['+15550100199'] };
    const accounts = parseAccounts({
      ...file,
      allowFrom: ['+15550100198'],
      accounts: { sales: entry },
    });
    expect(accounts.map(({ id }) => id)).toEqual(['default', 'sales']);
    expect(accounts[1]?.config).toMatchObject({
      provider: 'twilio',
      twilio,
      sms: { maxLength: 320, transliterate: true, chunkMode: 'auto' },
      allowFrom: ['+15550100199'],
    });
  });
  it('have a path each, below the one above unless they set their own', () => {
    expect(paths(file)).toEqual([
      ['/telephony/webhook', '/telephony/status'],
      ['/telephony/webhook/sales', '/telephony/status/sales'],
      ['/telephony/webhook/support', '/telephony/status/support'],
    ]);
    const own = { ...sales, serve: { path: '/sales' } };
    expect(paths({ ...file, serve: { path: '/sms' }, accounts: { own, support } })).toEqual([
      ['/sms', '/telephony/status'],
      ['/sales', '/telephony/status/own'],
      ['/sms/support', '/telephony/status/support'],
    ]);
  });
  it('may name the tunnel of Tailscale by its mode, and no second one (row 113)', () => {
    for (const mode of ['serve', 'funnel']) {
      const [one] = parseAccounts({ ...file, tailscale: { mode, path: '/telephony', port: 8443 } });
      expect(one?.config.tunnel.provider).toBe(`tailscale-${mode}`);
      expect(one?.config.tailscale).toEqual({ mode, path: '/telephony', port: 8443 });
    }
    expect(parseAccounts(file)[0]?.config.tailscale).toEqual({ mode: 'off', port: 443 });
    const tailscale = { mode: 'funnel' };
    const same = { ...file, tailscale, tunnel: { provider: 'tailscale-funnel' } };
    expect(problemsOf(same)).toEqual([]);
    expect(problemsOf({ ...file, tailscale, tunnel: { provider: 'ngrok' } })).toEqual([
      'tailscale.mode and tunnel.provider "ngrok" are two tunnels: which one?',
    ]);
    expect(problemsOf({ ...file, accounts: { sales: { ...sales, tailscale: {} } } })).toHaveLength(
      1,
    );
  });
  it('share the listener and the tunnel', () => {
    const shared = { serve: { port: 8080, bind: '::' }, tunnel: { provider: 'cloudflared' } };
    for (const { config } of parseAccounts({ ...file, ...shared }))
      expect(config).toMatchObject(shared);
    expect(problemsOf({ ...file, accounts: { sales: { ...sales, serve: { port: 1 } } } })).toEqual([
      'accounts.sales.serve.port is no setting; known here: path, statusPath, mediaPath',
    ]);
    expect(problemsOf({ ...file, accounts: { sales: { ...sales, tunnel: {} } } })).toHaveLength(1);
  });
  it('never inherit what names one number or one pool', () => {
    const accounts = parseAccounts({
      ...file,
      sender: 'service',
      twilio: { ...twilio, messagingServiceSid: 'MG1' },
      accounts: { sales },
    });
    expect(accounts[1]?.config.twilio).toEqual(twilio);
    expect(accounts[1]?.config.sender).toBeUndefined();
    expect(problemsOf({ ...file, accounts: { sales: {} } })).toEqual([
      'accounts.sales.fromNumber is missing: whom do texts come from?',
    ]);
  });
  it('may lie outside of the default one altogether', () => {
    const shared = { provider: 'twilio', twilio };
    const other = { fromNumber: '+15550100103' };
    expect(ids({ ...shared, accounts: { sales, other } })).toEqual(['sales', 'other']);
    expect(ids({ ...shared, accounts: { sales, other }, defaultAccount: 'other' })).toEqual([
      'other',
      'sales',
    ]);
    expect(ids({ ...file, accounts: { sales, default: { sms: { maxLength: 100 } } } })).toEqual([
      'default',
      'sales',
    ]);
  });
  it('may say in `accounts.default` what holds for the default one alone', () => {
    const [main, other] = parseAccounts({
      ...file,
      accounts: { default: { sms: { maxLength: 100 } }, sales },
    });
    expect(main?.config).toMatchObject({ fromNumber: '+15550100100', sms: { maxLength: 100 } });
    expect(main?.config.serve.path).toBe('/telephony/webhook');
    expect(other?.config.sms.maxLength).toBe(320);
  });
  it('run unless their entry says no, whatever `enabled` above says', () => {
    const off = { ...support, enabled: false };
    const accounts = parseAccounts({ ...file, accounts: { sales, off } });
    expect(accounts.map((each) => [each.config.enabled, each.isSwitchedOff])).toEqual([
      [false, false],
      [true, false],
      [false, true],
    ]);
  });
  it('replace an inherited secret by a file, and the other way round', () => {
    const entry = { ...sales, twilio: { authTokenFile: 'sales-token' } };
    const [, account] = parseAccounts({ ...file, accounts: { sales: entry } });
    expect(account?.config.twilio).toEqual({ accountSid: 'AC1', authTokenFile: 'sales-token' });
  });
  it('replace an inherited policy also under its other name', () => {
    const entry = { ...sales, dmPolicy: 'allowlist' };
    const value = { ...file, inboundPolicy: 'disabled', accounts: { sales: entry } };
    expect(parseAccounts(value).map(({ config }) => config.inboundPolicy)).toEqual([
      'disabled',
      'allowlist',
    ]);
  });
});

describe('the environment', () => {
  const environment = {
    TWILIO_ACCOUNT_SID: 'AC2',
    TWILIO_AUTH_TOKEN: 'other',
    TWILIO_PHONE_NUMBER: '+15550100109',
    NGROK_AUTHTOKEN: 'ngrok-token',
    NGROK_DOMAIN: 'sms.example.com',
  };
  const bare = { TWILIO_ACCOUNT_SID: 'AC2', TWILIO_AUTH_TOKEN: 'other' };
  it('fills the default account and no other, but for the tunnel, which all share', () => {
    const accounts = parseAccounts(
      { provider: 'twilio', accounts: { sales, other: { fromNumber: '+15550100103' } } },
      { environment: { ...environment, TWILIO_PHONE_NUMBER: '' } },
    );
    expect(accounts.map(({ id, config }) => [id, config.twilio.accountSid])).toEqual([
      ['sales', 'AC2'],
      ['other', undefined],
    ]);
    const tunnel = { ngrokAuthToken: 'ngrok-token', ngrokDomain: 'sms.example.com' };
    for (const { config } of accounts) expect(config.tunnel).toMatchObject(tunnel);
  });
  it('does not choose between two numbers', () => {
    const two = { ...environment, TWILIO_SMS_FROM: '+15550100110' };
    expect(problemsOf({}, two)).toEqual([
      'fromNumber is missing, and TWILIO_PHONE_NUMBER and TWILIO_SMS_FROM differ: set one of them, or fromNumber',
    ]);
    expect(problemsOf({}, { ...two, TWILIO_SMS_FROM: environment.TWILIO_PHONE_NUMBER })).toEqual(
      [],
    );
    expect(problemsOf({ fromNumber: '+15550100100' }, two)).toEqual([]);
  });
  it('knows the number by the names that others use (row 83)', () => {
    for (const name of ['TWILIO_PHONE_NUMBER', 'TWILIO_FROM_NUMBER', 'TWILIO_SMS_FROM']) {
      const [account] = parseAccounts({}, { environment: { ...bare, [name]: '+15550100109' } });
      expect(account?.config.fromNumber).toBe('+15550100109');
    }
  });
  it('leaves TWILIO_FROM_NUMBER alone where something else says who sends', () => {
    const other = { ...bare, TWILIO_FROM_NUMBER: 'MyShop' };
    const TWILIO_PHONE_NUMBER = '+15550100109';
    expect(problemsOf({}, { ...other, TWILIO_PHONE_NUMBER })).toEqual([]);
    const TWILIO_MESSAGING_SERVICE_SID = `MG${'0'.repeat(32)}`;
    expect(problemsOf({}, { ...other, TWILIO_MESSAGING_SERVICE_SID })).toEqual([]);
    expect(problemsOf({}, other)).toHaveLength(1);
  });
  it('does not put a pool before the number that the file says', () => {
    const pool = { ...bare, TWILIO_MESSAGING_SERVICE_SID: `MG${'0'.repeat(32)}` };
    const poolOf = (value: object, variables: Environment = pool) =>
      parseAccounts(value, { environment: variables })[0]?.config.twilio.messagingServiceSid;
    const fromNumber = '+15550100100';
    expect(poolOf({ fromNumber })).toBeUndefined();
    expect(poolOf({ fromNumber, sender: 'number' })).toBeUndefined();
    expect(poolOf({ accounts: { default: { fromNumber } } })).toBeUndefined();
    expect(poolOf({ fromNumber, sender: 'service' })).toBe(pool.TWILIO_MESSAGING_SERVICE_SID);
    expect(poolOf({})).toBe(pool.TWILIO_MESSAGING_SERVICE_SID);
    const both = { ...pool, TWILIO_PHONE_NUMBER: fromNumber };
    expect(poolOf({}, both)).toBe(pool.TWILIO_MESSAGING_SERVICE_SID);
  });
  it("does not lend Twilio's number to another carrier", () => {
    const plivo = { ...environment, PLIVO_AUTH_ID: 'MA1' };
    const missing = ['fromNumber is missing: whom do texts come from?'];
    expect(problemsOf({ provider: 'plivo' }, plivo)).toEqual(missing);
    const { TWILIO_PHONE_NUMBER } = environment;
    expect(problemsOf({ provider: 'plivo' }, { TWILIO_PHONE_NUMBER })).toEqual(missing);
  });
  it('of a carrier that is not in use stops nothing and fills nothing', () => {
    const value = { provider: 'plivo', fromNumber: '+15550100100' };
    const [account] = parseAccounts(value, {
      environment: { TWILIO_ACCOUNT_SID: 'SK1', PLIVO_AUTH_ID: 'MA1' },
    });
    expect(account?.config).toMatchObject({ twilio: {}, plivo: { authId: 'MA1' } });
    expect(account?.config.twilio).not.toHaveProperty('accountSid');
  });
  it('loses white space around its values', () => {
    const [account] = parseAccounts(
      {},
      {
        environment: {
          TWILIO_ACCOUNT_SID: 'AC2\n',
          TWILIO_PHONE_NUMBER: ' +15550100109 ',
          TWILIO_SMS_FROM: '+15550100109',
          PLIVO_AUTH_ID: ' ',
        },
      },
    );
    expect(account?.config).toMatchObject({
      provider: 'twilio',
      fromNumber: '+15550100109',
      twilio: { accountSid: 'AC2' },
    });
  });
  it('is named where its value is wrong', () => {
    expect(problemsOf({}, { TWILIO_ACCOUNT_SID: 'XX1', TWILIO_SMS_FROM: '5550100100' })).toEqual([
      'fromNumber (TWILIO_SMS_FROM) must be a number as +15550100123, or a short code',
      'twilio.accountSid (TWILIO_ACCOUNT_SID) must be AC and then 32 letters and digits',
    ]);
  });
  it('leaves a section of another type to be refused', () => {
    expect(problemsOf({ ...file, twilio: 'AC1' }, environment)[0]).toEqual(
      'twilio must be a section: { … }',
    );
  });
});

describe('accounts that cannot be used', () => {
  it.each([
    [
      { sales: { ...sales, sms: { maxlenght: 1 } } },
      /^accounts\.sales\.sms\.maxlenght .*"maxLength"/u,
    ],
    [{ sales: { ...sales, formNumber: '' } }, /^accounts\.sales\.formNumber .*"fromNumber"/u],
    [
      { sales: { ...sales, serve: { path: 'x' } } },
      /^accounts\.sales\.serve\.path must be a path/u,
    ],
    [
      { 'Sales Team': sales },
      /^accounts\.Sales Team: the name of an account must be small letters/u,
    ],
    [
      { sales: { ...sales, inboundPolicy: 'open' } },
      /^accounts\.sales\.allowFrom must be \["\*"\]/u,
    ],
    [
      { sales: { ...sales, inboundPolicy: 'open', dmPolicy: 'pairing' } },
      /^accounts\.sales\.dmPolicy and inboundPolicy are two names/u,
    ],
    [
      { sales: { ...sales, fromNumber: '+15550100100' } },
      /^accounts default and sales have the same fromNumber at twilio: each needs its own/u,
    ],
    [
      { sales: { ...sales, serve: { path: '/telephony/status/abc.0' } } },
      /^accounts\.sales\.serve\.path lies below serve\.statusPath of the account default/u,
    ],
    [
      { sales: { ...sales, serve: { path: '/a/../b' } } },
      /^accounts\.sales\.serve\.path must not hold/u,
    ],
    [
      { sales: { ...sales, serve: { path: '/a/.' } } },
      /^accounts\.sales\.serve\.path must not hold/u,
    ],
    [
      { sales: { ...sales, serve: { path: '/telephony/status' } } },
      /^accounts default and sales have the same path \/telephony\/status/u,
    ],
    [
      { sales: { ...sales, serve: { mediaPath: '/telephony/media' } } },
      /^accounts default and sales have the same path \/telephony\/media/u,
    ],
  ])('%# are named with what is wrong', (accounts, problem) => {
    const problems = problemsOf({ ...file, accounts });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(problem);
    expect(problems[0]).not.toContain('+1555');
  });
  it('may share a number while one of them is switched off', () => {
    const off = { ...sales, fromNumber: '+15550100100', enabled: false };
    expect(problemsOf({ ...file, accounts: { off } })).toEqual([]);
  });
  it('may be unfinished while they are switched off, but for the default one', () => {
    const off = { enabled: false };
    expect(parseAccounts({ ...file, accounts: { sales, off } }).map(({ id }) => id)).toEqual([
      'default',
      'sales',
    ]);
    expect(problemsOf({ ...file, accounts: { sales, off }, defaultAccount: 'off' })).toEqual([
      'accounts.off.fromNumber is missing: whom do texts come from?',
    ]);
  });
  it('need a URL of their own when the one above is that of one webhook', () => {
    const whole = { ...file, publicUrl: 'https://sms.example.com/hook' };
    expect(problemsOf({ ...whole, accounts: { sales } })).toEqual([
      'accounts.sales.publicUrl is missing: the one above has a path, so it is the URL of one webhook',
    ]);
    const own = { ...sales, publicUrl: 'https://sms.example.com/hook' };
    expect(problemsOf({ ...whole, accounts: { own } })).toEqual([
      'accounts default and own have the same publicUrl: each needs its own',
    ]);
    const origin = { ...file, publicUrl: 'https://sms.example.com' };
    expect(problemsOf(origin)).toEqual([]);
  });
  it('have a default one that exists', () => {
    expect(problemsOf({ ...file, defaultAccount: 'sale' })).toEqual([
      'defaultAccount names no account; did you mean "sales"?',
    ]);
  });
  it('cannot bring settings in by the prototype', () => {
    const value: unknown = JSON.parse('{"__proto__":{"enabled":true},"provider":"twilio"}');
    expect(problemsOf(value).join()).toMatch(/__proto__ is no setting|fromNumber is missing/u);
    expect(Reflect.get({}, 'enabled')).toBeUndefined();
  });
});

describe('one account', () => {
  const minimal = { provider: 'twilio', fromNumber: '+15550100100' };
  it('takes dmPolicy for inboundPolicy, and knows only the latter afterwards', () => {
    const config = parseConfig({ ...minimal, dmPolicy: 'disabled' });
    expect(config.inboundPolicy).toBe('disabled');
    expect(config).not.toHaveProperty('dmPolicy');
    expect(
      parseConfig({ ...minimal, dmPolicy: 'open', inboundPolicy: 'open', allowFrom: ['*'] }),
    ).toHaveProperty('inboundPolicy', 'open');
  });
  it.each([
    [{ dmPolicy: 'open', inboundPolicy: 'pairing' }, /^dmPolicy and inboundPolicy are two names/u],
    [{ provider: undefined }, /^provider must be one of "twilio", "telnyx", "plivo", "mock"$/u],
    [
      { skipSignatureVerification: true, tunnel: { provider: 'ngrok' } },
      /^skipSignatureVerification is refused here: only without publicUrl and tunnel/u,
    ],
    [
      { provider: 'telnyx', voice: { enabled: true } },
      /^telnyx\.connectionId is missing \(TELNYX_CONNECTION_ID\): voice\.enabled needs it/u,
    ],
    [{ tunnel: { provider: 'frp' } }, /^tunnel\.provider must be one of "none", "ngrok"/u],
    [{ tunnel: { allowNgrokFreeTierLoopbackBypass: true } }, /does nothing with tunnel\.provider/u],
    [{ serve: { path: '/a', statusPath: '/a' } }, /^serve\.statusPath is the same as serve\.path/u],
    [
      { serve: { path: '/a', mediaPath: '/telephony/status' } },
      /^serve\.mediaPath is the same as serve\.path or serve\.statusPath/u,
    ],
    [{ serve: { path: '/a/b', mediaPath: '/a' } }, /^serve\.mediaPath .* stands above one/u],
    [{ media: { inbound: { maxBytes: 0 } } }, /^media\.inbound\.maxBytes/u],
    [{ media: { mediaMaxMb: 5 } }, /^media\.mediaMaxMb is no setting; known here: inbound, host$/u],
    [{ outbound: { quietHours: { from: '22:00' } } }, /^outbound\.quietHours\.to /u],
    [
      { outbound: { quietHours: { from: '22:00', to: '22:00', timeZone: 'Europe/Berlin' } } },
      /^outbound\.quietHours must not begin when they end/u,
    ],
    [
      { outbound: { quietHours: { from: '24:00', to: '7:00', timeZone: 'Mars' } } },
      /^outbound\.quietHours\.from must be a time as "22:00"$/u,
    ],
    [
      { outbound: { quietHours: { from: '22:00', to: '07:00', timeZone: 'Mars' } } },
      /^outbound\.quietHours\.timeZone must be a time zone as "Europe\/Berlin"$/u,
    ],
    [{ limits: { maxReads: 0 } }, /^limits\.maxReads/u],
    [{ outbound: { segmentsPerSecond: { longCode: 0 } } }, /^outbound\.segmentsPerSecond/u],
    [{ voice: { maxDurationSeconds: 0 } }, /^voice\.maxDurationSeconds/u],
    [{ sms: { maxLength: Number.NaN } }, /^sms\.maxLength/u],
    [{ defaultCountry: 'XX' }, /^defaultCountry must be a country/u],
  ])('%# says what does not go together (C24, C46)', (settings, problem) => {
    const problems = problemsOf({ ...minimal, ...settings });
    expect(problems[0]).toMatch(problem);
  });
  it('may have quiet hours over midnight, calls and a tunnel', () => {
    const quietHours = { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' };
    const voice = { enabled: true, inboundGreeting: 'Hello' };
    const value = { ...minimal, outbound: { quietHours }, voice, tunnel: { provider: 'ngrok' } };
    expect(parseConfig(value)).toMatchObject({
      outbound: { quietHours, maxPerHour: 200 },
      voice: { ...voice, maxDurationSeconds: 300 },
      tunnel: { provider: 'ngrok' },
    });
  });
});
