import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ConfigError } from './config-error.ts';
import { parseConfig } from './accounts.ts';
import { loadConfig } from './load.ts';

const folders: string[] = [];
afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
});
async function write(text: string, name = 'telephony.json5'): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'telephony-config-'));
  folders.push(folder);
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
}
const minimal = { provider: 'twilio', fromNumber: '+15550100100' };
const problemsOf = (config: unknown): readonly string[] => {
  try {
    parseConfig(config);
    return [];
  } catch (error) {
    return error instanceof ConfigError ? error.problems : ['not a ConfigError'];
  }
};

describe('a configuration', () => {
  it('needs a carrier and a number, and has a default for everything else', () => {
    expect(parseConfig(minimal)).toEqual({
      enabled: false,
      provider: 'twilio',
      fromNumber: '+15550100100',
      inboundPolicy: 'pairing',
      allowFrom: [],
      skipSignatureVerification: false,
      maxConcurrentSessions: 50,
      twilio: {},
      telnyx: { changesSharedProfiles: false },
      plivo: { changesSharedApplications: false },
      mock: {},
      sms: {
        chunkMode: 'auto',
        maxLength: 1600,
        segmentNumbering: true,
        maxSegmentsPerReply: 30,
        transliterate: false,
        overflow: 'split',
        flattenMarkdown: false,
      },
      voice: { enabled: false, maxDurationSeconds: 300 },
      tunnel: { provider: 'none', allowNgrokFreeTierLoopbackBypass: false },
      tailscale: { mode: 'off', port: 443 },
      serve: {
        port: 3335,
        bind: '127.0.0.1',
        path: '/telephony/webhook',
        statusPath: '/telephony/status',
        mediaPath: '/telephony/media',
      },
      webhookSecurity: { allowedHosts: [], trustForwardingHeaders: false, trustedProxyIPs: [] },
      limits: {
        textsPerSenderPerMinute: 30,
        textsPerNumberPerMinute: 300,
        maxWaitingPerSender: 300,
        maxWaiting: 50_000,
        failuresPerMinute: 300,
        maxReads: 64,
        maxReadsPerPeer: 8,
      },
      outbound: { maxPerHour: 200, maxPerDay: 1000, maxSegmentsPerDay: 5000 },
      media: {
        inbound: {
          maxCount: 10,
          maxTotalBytes: 5_242_880,
          tryAgainAfterMs: [2000, 10_000, 60_000, 300_000],
        },
        host: { ttlMs: 600_000, keptMs: 604_800_000, maxEntries: 64, maxTotalBytes: 100_000_000 },
      },
    });
  });
  it('may be JSON5 with comments', async () => {
    const file = await write("{ // ours\n provider: 'twilio', fromNumber: '+15550100100', }");
    expect((await loadConfig({ file, environment: {} })).provider).toBe('twilio');
  });
  it('is filled from the environment where the file is silent', async () => {
    const file = await write("{ provider: 'twilio', twilio: { accountSid: 'ACfile' } }");
    const environment = {
      TWILIO_ACCOUNT_SID: 'ACenvironment',
      TWILIO_AUTH_TOKEN: 'token',
      TWILIO_PHONE_NUMBER: '',
      TWILIO_SMS_FROM: '+15550100100',
    };
    const config = await loadConfig({ file, environment });
    expect(config.twilio).toEqual({ accountSid: 'ACfile', authToken: 'token' });
    expect(config.fromNumber).toBe('+15550100100');
  });
  it('may come from the environment alone, which then names the carrier by its account', async () => {
    const environment = {
      PLIVO_AUTH_ID: 'MA1',
      PLIVO_AUTH_TOKEN: 't',
    };
    const file = await write(JSON.stringify({ fromNumber: '+15550100100' }));
    expect(await loadConfig({ file, environment })).toMatchObject({
      provider: 'plivo',
      plivo: { authId: 'MA1', authToken: 't' },
    });
    const twilio = { TWILIO_ACCOUNT_SID: 'AC1', TWILIO_SMS_FROM: '+15550100100' };
    expect(await loadConfig({ environment: twilio })).toMatchObject({
      provider: 'twilio',
      fromNumber: '+15550100100',
    });
    const both = { ...environment, TWILIO_ACCOUNT_SID: 'AC1' };
    await expect(loadConfig({ environment: both })).rejects.toThrow(
      'the environment names several carriers (TWILIO_ACCOUNT_SID and PLIVO_AUTH_ID): which one?',
    );
  });
  it('may keep its secrets in files beside it', async () => {
    const secret = await write('s3cret\n', 'token');
    const file = await write(
      JSON.stringify({ ...minimal, twilio: { accountSid: 'AC1', authTokenFile: secret } }),
    );
    const environment = { TWILIO_AUTH_TOKEN: 'not this one' };
    expect((await loadConfig({ file, environment })).twilio.authToken).toBe('s3cret');
    const account = await write('AC7\n', 'account');
    const both = { accountSidFile: account, authTokenFile: secret };
    const other = await write(JSON.stringify({ ...minimal, twilio: both }));
    expect((await loadConfig({ file: other, environment })).twilio.accountSid).toBe('AC7');
  });
});

describe('a configuration that cannot be used', () => {
  it('names an unknown setting and the nearest known one', () => {
    expect(problemsOf({ ...minimal, inboundpolicy: 'open', sms: { maxlenght: 1 } })).toEqual([
      'sms.maxlenght is no setting; did you mean "maxLength"?',
      'inboundpolicy is no setting; did you mean "inboundPolicy"?',
    ]);
    expect(problemsOf({ ...minimal, serve: { colour: 'red' } })).toEqual([
      'serve.colour is no setting; known here: port, bind, path, statusPath, mediaPath',
    ]);
  });
  it('names every setting that is wrong, and never its value', () => {
    const problems = problemsOf({
      provider: 'pigeon',
      fromNumber: '5550100100',
      twilio: { accountSid: 'secret-sid' },
      sms: { maxLength: 0 },
      serve: { path: 'hook?x=1' },
    });
    expect(problems).toHaveLength(5);
    expect(problems).toContain('provider must be one of "twilio", "telnyx", "plivo", "mock"');
    expect(problems).toContain('fromNumber must be a number as +15550100123, or a short code');
    expect(problems.join('\n')).not.toMatch(/pigeon|5550100100|secret-sid/u);
  });
  it.each([
    [
      { ...minimal, inboundPolicy: 'open' },
      /allowFrom must be \["\*"\] when inboundPolicy is "open"/u,
    ],
    [{ ...minimal, allowFrom: ['*'] }, /may hold "\*" only when inboundPolicy is "open"/u],
    [{ provider: 'twilio' }, /fromNumber is missing/u],
    [
      { ...minimal, skipSignatureVerification: true, publicUrl: 'https://a.example' },
      /skipSignatureVerification is refused here/u,
    ],
    [
      { ...minimal, skipSignatureVerification: true, serve: { bind: '0.0.0.0' } },
      /skipSignatureVerification is refused here/u,
    ],
    [{ ...minimal, publicUrl: 'https://user:pass@a.example' }, /publicUrl must be an address/u],
    [{ ...minimal, publicUrl: 'https://a.example/?x=1' }, /publicUrl must be an address/u],
    [{ ...minimal, serve: { path: '//x' } }, /serve\.path must be a path as/u],
    [{ ...minimal, serve: { path: '/health' } }, /serve\.path is taken/u],
    [
      { ...minimal, webhookSecurity: { trustedProxyIPs: ['10.0.0.0/8'] } },
      /must hold single addresses/u,
    ],
    [
      { ...minimal, webhookSecurity: { trustForwardingHeaders: true } },
      /does nothing without trustedProxyIPs/u,
    ],
    [{ ...minimal, twilio: { baseUrl: 'ftp://a.example' } }, /twilio\.baseUrl/u],
    [7, /the configuration must be a section: \{ … \}/u],
    [{ ...minimal, fromNumber: 15_550_100_100 }, /^fromNumber must be text in quotes$/u],
    [{ ...minimal, allowFrom: [15_550_100_123] }, /^allowFrom\.0 must be text in quotes$/u],
    [{ ...minimal, allowFrom: ['twilio:+15550100123'] }, /^allowFrom\.0 must be a number as/u],
    [{ ...minimal, serve: { port: '3335' } }, /^serve\.port must be a number, without quotes$/u],
    [{ ...minimal, serve: { port: 70_000 } }, /^serve\.port must be at most 65535$/u],
    [{ ...minimal, maxConcurrentSessions: 0 }, /^maxConcurrentSessions must be above 0$/u],
    [{ ...minimal, media: { inbound: { maxCount: -1 } } }, /^media.* must be at least 0$/u],
    [{ ...minimal, twilio: { authToken: [] } }, /^twilio\.authToken must not be empty$/u],
    [
      { ...minimal, twilio: { authToken: 5 } },
      /^twilio\.authToken must be text in quotes or a list: \[ … \]$/u,
    ],
    [
      { ...minimal, outbound: { segmentsPerSecond: 'x' } },
      /^outbound\.segmentsPerSecond must be a number, without quotes or a section: \{ … \}$/u,
    ],
    [{ ...minimal, outbound: { segmentsPerSecond: -1 } }, /Second must be above 0$/u],
    [{ ...minimal, outbound: { allowTo: ['ada'] } }, /^outbound\.allowTo\.0 must be a number as/u],
    [
      { ...minimal, outbound: { quietHours: { from: '22:00', timeZone: 'UTC' } } },
      /^outbound\.quietHours\.to is missing$/u,
    ],
    [{ ...minimal, sms: { transliterate: 'yes' } }, /^sms\.transliterate must be true or false/u],
    [{ ...minimal, sender: 'service' }, /^sender is "service", and no pool of senders is given$/u],
  ])('contradicts itself', (config, problem) => {
    expect(problemsOf(config).join('\n')).toMatch(problem);
  });
  it('may skip verification only where nobody else can reach it', () => {
    expect(problemsOf({ ...minimal, skipSignatureVerification: true })).toEqual([]);
  });
  it('says where its file is broken, and quotes nothing of it', async () => {
    const file = await write("{ authToken: 's3cret' nonsense }");
    const failure = await loadConfig({ file, environment: {} }).catch((error: unknown) => error);
    expect(String(failure)).toMatch(/is no JSON5: line 1, column \d+/u);
    expect(String(failure)).not.toContain('s3cret');
  });
  it('names a key that stands twice, of which the first would be lost', async () => {
    const file = await write(`{
      provider: 'mock', // accounts: {}
      accounts: { a: { fromNumber: '+15550100100' } },
      'acc\\u006funts': { b: { fromNumber: '+15550100101' } },
    }`);
    await expect(loadConfig({ file, environment: {} })).rejects.toThrow(
      'line 4: accounts stands there twice, and only the second one would count',
    );
  });
  it('names a key that every copy would lose', async () => {
    for (const text of ['{ accounts: { "__proto__": {} } }', '{ sms: { __proto__: { a: 1 } } }']) {
      const file = await write(text);
      await expect(loadConfig({ file, environment: {} })).rejects.toThrow('__proto__ is no name');
    }
  });
  it.each([['no-such-file.json5', 'there is no such file, or it may not be read']])(
    'or a file that is not there',
    async (file, problem) => {
      await expect(loadConfig({ file, environment: {} })).rejects.toThrow(problem);
    },
  );
  it('does not choose between a secret and the file of the same', async () => {
    const twilio = { authToken: 'one', authTokenFile: 'other' };
    const file = await write(JSON.stringify({ ...minimal, twilio }));
    await expect(loadConfig({ file, environment: {} })).rejects.toThrow(
      'twilio.authTokenFile and twilio.authToken are both given: which one?',
    );
  });
  it('says which secret file is missing', async () => {
    const file = await write(JSON.stringify({ ...minimal, twilio: { authTokenFile: 'nowhere' } }));
    await expect(loadConfig({ file, environment: {} })).rejects.toThrow(
      'twilio.authTokenFile names a file that cannot be read',
    );
  });
});
