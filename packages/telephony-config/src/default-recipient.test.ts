import { describe, expect, it } from 'vitest';
import { parseConfig } from './accounts.ts';
import { defaultRecipient } from './default-recipient.ts';

const config = (settings: object) =>
  parseConfig({
    provider: 'mock',
    fromNumber: '+15550100100',
    mock: { webhookSecret: 'word' },
    ...settings,
  });
const [ada, bob] = ['+15550100123', '+15550100124'];

describe('the default recipient', () => {
  it('is defaultTo before anybody else', () => {
    expect(defaultRecipient(config({ defaultTo: ada, allowFrom: [bob] }))).toBe(ada);
  });
  it('is else the only person who was let in by the configuration', () => {
    expect(defaultRecipient(config({ allowFrom: [bob] }))).toBe(bob);
    expect(defaultRecipient(config({ allowFrom: [ada, bob] }))).toBeUndefined();
    expect(defaultRecipient(config({ allowFrom: ['MYBANK'] }))).toBeUndefined();
    expect(defaultRecipient(config({}))).toBeUndefined();
  });
  it('is nobody when everybody is let in', () => {
    expect(defaultRecipient(config({ inboundPolicy: 'open', allowFrom: ['*'] }))).toBeUndefined();
  });
  it('must be a number', () => {
    expect(() => config({ defaultTo: 'ada' })).toThrow(/defaultTo/u);
  });
});
