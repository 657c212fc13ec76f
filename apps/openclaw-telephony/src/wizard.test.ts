import { startTwilioSim } from '@openclaw/carrier-sim';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { changeAccount } from './config-adapter.ts';
import { draftAccounts } from './draft-config.ts';
import { type Prompter, runWizard } from './wizard.ts';

/** Answers questions by the words in them; what is not named gets what it stands at. */
function person(answers: { readonly [words: string]: string | boolean }) {
  const asked: string[] = [];
  const answer = (message: string): string | boolean | undefined => {
    asked.push(message);
    const found = Object.keys(answers).find((words) => message.includes(words));
    return found === undefined ? undefined : answers[found];
  };
  const prompter: Prompter = {
    select: ({ message, options, initialValue }) => {
      const value = answer(message) ?? initialValue;
      const option = options.find((one) => one.value === value) ?? options[0];
      return option === undefined
        ? Promise.reject(new Error(message))
        : Promise.resolve(option.value);
    },
    text: ({ message, initialValue = '' }) =>
      Promise.resolve(String(answer(message) ?? initialValue)),
    confirm: ({ message, initialValue = false }) =>
      Promise.resolve((answer(message) ?? initialValue) === true),
    note: (message) => {
      asked.push(message);
      return Promise.resolve();
    },
  };
  return { prompter, asked };
}

describe('the wizard', () => {
  it('sets up the simulated carrier with three answers', async () => {
    const { prompter } = person({
      'Which carrier': 'mock',
      'Any word': 'secret',
      'Your number': '+1 555 010 0100',
    });
    expect(await runWizard(prompter, {}, 'default')).toEqual({
      enabled: true,
      provider: 'mock',
      fromNumber: '+15550100100',
      inboundPolicy: 'pairing',
      mock: { webhookSecret: 'secret' },
    });
  });

  it('tries the credentials at the carrier, and points the number here', async () => {
    const accountSid = `AC${'0'.repeat(32)}`;
    const sim = await startTwilioSim({
      accountSid,
      authToken: 'token',
      numbers: [{ number: '+15550100100' }],
    });
    onTestFinished(() => sim.close());
    const { prompter, asked } = person({
      'Which carrier': 'twilio',
      'Account SID': accountSid,
      'Auth token': 'token',
      'Your number': '+15550100100',
      'reach this machine': 'https://bot.example.com',
      'Who may text': 'allowlist',
      'Which numbers': '+15550100123, +15550100124',
    });
    const cfg = { channels: { telephony: { twilio: { baseUrl: sim.baseUrl } } } };
    const settings = await runWizard(prompter, cfg, 'default');
    expect(settings).toMatchObject({
      allowFrom: ['+15550100123', '+15550100124'],
      twilio: { accountSid, authToken: 'token' },
    });
    expect(asked.some((line) => line.includes('Send them to https://bot.example.com'))).toBe(true);
    expect(sim.numbers[0]?.messageUrl).toContain('https://bot.example.com/telephony/webhook');
  });

  it('says what the carrier says of a wrong token, and asks again', async () => {
    const accountSid = `AC${'0'.repeat(32)}`;
    const sim = await startTwilioSim({
      accountSid,
      authToken: 'token',
      numbers: [{ number: '+15550100100' }],
    });
    onTestFinished(() => sim.close());
    const { prompter, asked } = person({
      'Which carrier': 'twilio',
      'Account SID': accountSid,
      'Auth token': 'hunter2',
      'Your number': '+15550100100',
      'Enter it again': false,
    });
    const cfg = { channels: { telephony: { twilio: { baseUrl: sim.baseUrl } } } };
    await runWizard(prompter, cfg, 'default');
    expect(asked).toContain('Enter it again?');
    expect(asked.join('\n')).not.toContain('hunter2');
  });
});

/** An account of the simulated carrier, and whatever else stands above. */
const beside = (baseUrl: string, more: object = {}) => ({
  channels: {
    telephony: {
      enabled: true,
      provider: 'mock',
      fromNumber: '+15550100100',
      mock: { webhookSecret: 'secret' },
      twilio: { baseUrl },
      ...more,
    },
  },
});

describe('the wizard, for an account beside others', () => {
  const accountSid = `AC${'0'.repeat(31)}1`;
  const answers = {
    'Which carrier': 'twilio',
    'Account SID': accountSid,
    'Auth token': 'token',
    'Your number': '+15550100101',
  };

  async function carrierWith(messageUrl: string) {
    const numbers = [{ number: '+15550100101', messageUrl }];
    const sim = await startTwilioSim({ accountSid, authToken: 'token', numbers });
    onTestFinished(() => sim.close());
    return sim;
  }

  it('never points its number at the webhook of the account above', async () => {
    const sim = await carrierWith('https://crm.example.com/in');
    const cfg = beside(sim.baseUrl, { publicUrl: 'https://sms.example.com/telephony/webhook' });
    const { prompter, asked } = person({ ...answers, 'Enter it again': false });
    expect(await runWizard(prompter, cfg, 'sales')).toBeUndefined();
    expect(asked.join('\n')).toContain('accounts.sales.publicUrl is missing');
    expect(sim.numbers[0]?.messageUrl).toBe('https://crm.example.com/in');
  });

  it('writes what loads, for all accounts, and shows no password of the address before', async () => {
    const sim = await carrierWith('https://ada:hunter2@crm.example.com/in?key=hunter2');
    const ngrokAuthToken = { source: 'env', provider: 'default', id: 'NGROK' };
    const cfg = beside(sim.baseUrl, { tunnel: { ngrokAuthToken } });
    const { prompter, asked } = person({
      ...answers,
      'reach this machine': 'https://sales.example.com',
    });
    const settings = await runWizard(prompter, cfg, 'sales');
    const written = changeAccount(cfg, 'sales', settings ?? {});
    expect(draftAccounts(written).map(({ id }) => id)).toEqual(['default', 'sales']);
    expect(sim.numbers[0]?.messageUrl).toContain('//sales.example.com/telephony/webhook/sales');
    expect(asked.join('\n')).toContain('go to https://crm.example.com/in (and more)');
    expect(asked.join('\n')).not.toContain('hunter2');
  });

  it('offers the environment to the account alone that takes from it', async () => {
    vi.stubEnv('TWILIO_AUTH_TOKEN', 'token');
    onTestFinished(() => void vi.unstubAllEnvs());
    const sim = await carrierWith('https://crm.example.com/in');
    const alone = { channels: { telephony: { twilio: { baseUrl: sim.baseUrl } } } };
    const offers: boolean[] = [];
    for (const [cfg, accountId] of [
      [beside(sim.baseUrl), 'sales'],
      [alone, 'default'],
    ] as const) {
      const { prompter, asked } = person(answers);
      await runWizard(prompter, cfg, accountId);
      offers.push(asked.some((line) => line.startsWith('Use TWILIO_AUTH_TOKEN')));
    }
    expect(offers).toEqual([false, true]);
  });

  it('writes nothing with which the channel would not start', async () => {
    const { prompter } = person({
      'Which carrier': 'mock',
      'Any word': 'secret',
      'Your number': '+15550100101',
      'reach this machine': 'ftp:bad',
      'Enter it again': false,
    });
    expect(await runWizard(prompter, {}, 'default')).toBeUndefined();
  });

  it('takes "everybody" back together with the policy that allowed it', async () => {
    const cfg = beside('https://api.example.com', {
      inboundPolicy: 'open',
      allowFrom: ['*', '+15550100123'],
    });
    const { prompter } = person({ 'Who may text': 'pairing', 'Any word': 'secret' });
    const settings = await runWizard(prompter, cfg, 'default');
    expect(settings).toMatchObject({ inboundPolicy: 'pairing', allowFrom: ['+15550100123'] });
    expect(() => draftAccounts(changeAccount(cfg, 'default', settings ?? {}))).not.toThrow();
  });
});
