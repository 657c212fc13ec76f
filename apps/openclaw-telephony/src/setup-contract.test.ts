import { describe, expect, it } from 'vitest';
import { setupContract } from './setup-contract.ts';

const runtime = { log: () => undefined, error: () => undefined, exit: () => undefined };

/** What `channels add` says of flags, in the order in which the host asks. */
async function saidOf(flags: object, channels: object = {}): Promise<string | null> {
  const cfg = { channels };
  const input = { provider: 'mock', fromNumber: '+15550100100', webhookSecret: 'x', ...flags };
  const asked = { cfg, accountId: 'default', input };
  try {
    await setupContract.prepareAccountConfigInput?.({ ...asked, runtime });
  } catch (error) {
    return String(error);
  }
  return setupContract.validateInput?.(asked) ?? null;
}

describe('the flags of channels add', () => {
  it.each([
    [{ allowFrom: '5550100123' }, 'allowFrom.0 must be a number'],
    [{ allowFrom: '*' }, 'allowFrom may hold "*" only when inboundPolicy is "open"'],
    [{ publicUrl: 'sms.example.com' }, 'publicUrl must be an address'],
    [{ publicUrl: 'https://sms.example.com/?key=1' }, 'without user, query or fragment'],
    [{ webhookPort: '99999' }, 'serve.port must be at most 65535'],
    [{ inboundPolicy: 'open' }, '--inbound-policy open needs --allow-from'],
  ])('are refused when the channel would not start with them: %j', async (flags, words) => {
    expect(await saidOf(flags)).toContain(words);
  });

  it('may come one after the other, and with secrets that the gateway alone knows', async () => {
    expect(await saidOf({})).toBeNull();
    expect(await saidOf({ inboundPolicy: 'open', allowFrom: '*' })).toBeNull();
    expect(await saidOf({ fromNumber: undefined })).toBeNull();
    const ngrokAuthToken = { source: 'env', provider: 'default', id: 'NGROK' };
    expect(
      await saidOf({}, { telephony: { tunnel: { provider: 'ngrok', ngrokAuthToken } } }),
    ).toBeNull();
  });

  it('are not blamed for what another account lacks', async () => {
    const telephony = { accounts: { sales: { provider: 'mock', allowFrom: ['bob'] } } };
    expect(await saidOf({}, { telephony })).toBeNull();
  });
});
