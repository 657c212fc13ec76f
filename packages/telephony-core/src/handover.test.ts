import { describe, expect, it } from 'vitest';
import { createHandover } from './handover.ts';
import { markVerified } from './webhook.ts';

const webhook = () =>
  markVerified(
    {
      method: 'POST',
      url: 'https://example.com/hook',
      headers: new Headers(),
      body: new Uint8Array(),
      receivedAt: new Date(0),
    },
    { bodyAuthenticated: true },
  );

describe('a handover', () => {
  it('gives what was read of a webhook to who parses that one, as often as he does', () => {
    const handover = createHandover<string>();
    const one = webhook();
    handover.give(one, 'read');
    expect(handover.take(one)).toBe('read');
    expect(handover.take(one)).toBe('read');
  });
  it('never gives what was read of another one', () => {
    const handover = createHandover<string>();
    const [one, other] = [webhook(), webhook()];
    handover.give(one, 'of one');
    expect(handover.take(other)).toBeUndefined();
    handover.give(other, 'of the other');
    expect(handover.take(one)).toBeUndefined();
    expect(handover.take(other)).toBe('of the other');
  });
  it('refuses what nobody has verified', () => {
    const handover = createHandover<string>();
    expect(() => handover.take({ ...webhook() })).toThrow('verify');
  });
});
