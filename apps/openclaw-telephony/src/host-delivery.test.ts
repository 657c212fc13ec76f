import type { OutboundRequest } from '@openclaw/telephony-server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { deliver, type HostSend } from './host-delivery.ts';
import { standIn } from './stand-in.testing.ts';

const ada = '+15550100123';
const stranger = '+15550100199';
const cfg = {
  channels: {
    telephony: {
      enabled: true,
      provider: 'mock',
      fromNumber: '+15550100100',
      defaultTo: '+15550100155',
      mock: { webhookSecret: 'secret' },
    },
  },
};

function stage() {
  const sent: OutboundRequest[] = [];
  const account = standIn({ send: (request) => void sent.push(request) });
  onTestFinished(account.forget);
  const give = async (request: Partial<HostSend>) => {
    await deliver({ cfg, to: ada, text: 'hello', ...request }, 'text');
    return sent.at(-1);
  };
  return { sent, give };
}

describe('a message of the host’s', () => {
  it('goes to the default recipient only when nobody is named', async () => {
    const { sent, give } = stage();
    expect(await give({ to: ' ' })).toMatchObject({ to: '+15550100155' });
    for (const to of ['sms:+15550100199', 'bob', '5550100199']) {
      await expect(give({ to })).rejects.toThrow('the recipient must be a number');
    }
    expect(sent).toHaveLength(1);
  });

  it('does not leave over another carrier than the one that its target names', async () => {
    const { sent, give } = stage();
    await expect(give({ to: `telnyx:${ada}` })).rejects.toThrow(
      'account "default" sends over mock, not over telnyx',
    );
    expect(sent).toHaveLength(0);
  });

  it('is never a person’s, whatever its client may do: the agent’s own tool sends with the same rights', async () => {
    const { give } = stage();
    const asOwner = { gatewayClientScopes: ['operator.write', 'operator.admin'] };
    const byTool = await give({ to: stranger, ...asOwner });
    const queued = await give({ to: stranger, ...asOwner, deliveryQueueId: 'q1' });
    expect([byTool?.purpose, queued?.purpose]).toEqual(['agent', 'agent']);
  });

  it('says what is wrong with the address of a picture, and sends nothing', async () => {
    const { sent, give } = stage();
    await expect(give({ mediaUrl: 'file://host/x.png' })).rejects.toThrow('mediaUrl must be');
    expect(sent).toHaveLength(0);
  });
});
