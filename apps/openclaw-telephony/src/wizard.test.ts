import { startTwilioSim } from '@openclaw/carrier-sim';
import { describe, expect, it, onTestFinished } from 'vitest';
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
