import { describe, expect, it } from 'vitest';
import { messagingAdapter } from './messaging-adapter.ts';
import { outboundAdapter } from './outbound-adapter.ts';
import { carrierIn, carrierProblem } from './target-carrier.ts';

const cfg = {
  channels: {
    telephony: {
      enabled: true,
      provider: 'twilio',
      fromNumber: '+15550100100',
      accounts: { sales: { provider: 'telnyx', fromNumber: '+15550100101' } },
    },
  },
};
const main = { accountId: 'default', provider: 'twilio' };
const number = '+15550100123';

describe('a carrier in front of a number', () => {
  it('is read, whatever its letters, and nothing else is', () => {
    expect(carrierIn(`Telnyx: ${number}`)).toBe('telnyx');
    for (const target of [number, `tel:${number}`, `telephony:${number}`, `sms:${number}`]) {
      expect(carrierIn(target)).toBeUndefined();
    }
  });

  it('is refused when the account is at another, and the account to name is said', () => {
    expect(carrierProblem(`twilio:${number}`, main, cfg)).toBeUndefined();
    expect(carrierProblem(number, main, cfg)).toBeUndefined();
    expect(carrierProblem(`telnyx:${number}`, main, cfg)).toBe(
      'account "default" sends over twilio, not over telnyx: name the account sales, or leave "telnyx:" out',
    );
    expect(carrierProblem(`plivo:${number}`, main, cfg)).toBe(
      'account "default" sends over twilio, not over plivo: leave "plivo:" out',
    );
  });

  it('reaches the host’s check of targets, which refuses it before anything is sent', async () => {
    const resolve = messagingAdapter.targetResolver?.resolveTarget;
    const resolved = async (input: string, accountId?: string) =>
      await resolve?.({ cfg, input, normalized: number, accountId: accountId ?? null });
    expect(await resolved(`twilio:${number}`)).toEqual({ to: number, kind: 'user' });
    expect(await resolved(`telnyx:${number}`, 'sales')).toEqual({ to: number, kind: 'user' });
    expect(await resolved('bob')).toBeNull();
    const wrong = await resolved(`telnyx:${number}`);
    expect(wrong).toEqual({ to: `telnyx:${number}`, kind: 'user' });
    expect(outboundAdapter.resolveTarget?.({ cfg, to: wrong?.to ?? '' })).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining('not over telnyx') },
    });
    expect(outboundAdapter.resolveTarget?.({ cfg, to: `twilio:${number}` })).toEqual({
      ok: true,
      to: number,
    });
  });
});
