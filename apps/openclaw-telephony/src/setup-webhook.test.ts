import type { WebhookSettings } from '@openclaw/telephony-core';
import { createMemoryStore } from '@openclaw/telephony-store';
import { describe, expect, it, onTestFinished } from 'vitest';
import { probeAccount } from './account-probe.ts';
import { setupWebhook } from './setup-webhook.ts';
import { standIn } from './stand-in.testing.ts';

const original = 'https://crm.example.com/sms';

/** A number at a carrier, and our account, which is reached under one address after the other. */
function stage(first = original) {
  const store = createMemoryStore();
  let url = first;
  let refusals = 0;
  const numberSetup = {
    inspect: (): Promise<WebhookSettings> => Promise.resolve({ messageUrl: new URL(url) }),
    apply: (_number: string, { messageUrl }: WebhookSettings): Promise<WebhookSettings> => {
      if (refusals > 0) {
        refusals -= 1;
        return Promise.reject(new Error('503'));
      }
      const before = { messageUrl: new URL(url) };
      url = messageUrl?.href ?? '';
      return Promise.resolve(before);
    },
  };
  const reach = (publicUrl: string) => {
    const config = { publicUrl, fromNumber: '+15550100100', serve: { path: '/telephony/webhook' } };
    const { account, forget } = standIn({ store, config, provider: { numberSetup } });
    onTestFinished(forget);
    return account;
  };
  return {
    reach,
    now: () => url,
    lead: (to: string) => void (url = to),
    refuseOnce: () => void (refusals += 1),
  };
}

describe('the number at the carrier', () => {
  it('is put back to what it was before the first change, after several', async () => {
    const { reach, now } = stage();
    for (const publicUrl of ['https://a.example.com', 'https://b.example.com']) {
      reach(publicUrl);
      await setupWebhook({ action: 'apply' });
      expect(now()).toBe(`${publicUrl}/telephony/webhook`);
    }
    await setupWebhook({ action: 'undo' });
    expect(now()).toBe(original);
    await expect(setupWebhook({ action: 'undo' })).rejects.toThrow('nothing to undo');
  });

  it('is put back to what somebody else made of it between two changes', async () => {
    const { reach, now, lead } = stage();
    reach('https://a.example.com');
    await setupWebhook({ action: 'apply' });
    lead('https://other.example.com/in');
    await setupWebhook({ action: 'apply' });
    await setupWebhook({ action: 'undo' });
    expect(now()).toBe('https://other.example.com/in');
  });

  it('is put back although the carrier was out during a change', async () => {
    const { reach, now, refuseOnce } = stage();
    for (const publicUrl of ['https://a.example.com', 'https://b.example.com']) {
      reach(publicUrl);
      refuseOnce();
      await expect(setupWebhook({ action: 'apply' })).rejects.toThrow('503');
      await setupWebhook({ action: 'apply' });
    }
    refuseOnce();
    await expect(setupWebhook({ action: 'undo' })).rejects.toThrow('503');
    await setupWebhook({ action: 'undo' });
    expect(now()).toBe(original);
  });

  it('is left alone by undo when somebody else changed it since, and says so', async () => {
    const { reach, now, lead } = stage();
    reach('https://a.example.com');
    await setupWebhook({ action: 'apply' });
    lead('https://other.example.com/in');
    await expect(setupWebhook({ action: 'undo' })).rejects.toThrow(
      'texts go to https://other.example.com/in, which was not set up from here: nothing is undone',
    );
    expect(now()).toBe('https://other.example.com/in');
  });

  it('is shown without the password in its address, and restored with it', async () => {
    const secret = 'https://ada:hunter2@crm.example.com/sms?key=hunter2';
    const { reach, now } = stage(secret);
    const { account } = reach('https://a.example.com');
    const { checks } = await probeAccount(account, 1000);
    const shown = [checks, await setupWebhook({}), await setupWebhook({ action: 'apply' })];
    shown.push(await setupWebhook({ action: 'undo' }));
    expect(JSON.stringify(shown)).not.toContain('hunter2');
    expect(JSON.stringify(shown)).toContain('https://crm.example.com/sms (and more)');
    expect(now()).toBe(secret);
  });
});
