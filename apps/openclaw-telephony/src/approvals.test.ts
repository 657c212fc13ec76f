import type { OutboundRequest } from '@openclaw/telephony-server';
import { createMemoryStore } from '@openclaw/telephony-store';
import { describe, expect, it } from 'vitest';
import { createApprovals } from './approvals.ts';

const ada = '+15550100123';
const nothing = (): void => undefined;
const logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };

function stage(store = createMemoryStore()) {
  const sent: OutboundRequest[] = [];
  const approved: string[] = [];
  let told: () => void = nothing;
  const next = new Promise<void>((resolve) => {
    told = resolve;
  });
  const approvals = createApprovals({
    keyValue: store.keyValue,
    accountId: 'default',
    approved: () => Promise.resolve(approved),
    server: () => ({
      send(request) {
        sent.push(request);
        told();
        return Promise.resolve({ id: '', messageCount: 1, segmentCount: 1, duplicate: false });
      },
    }),
    logger,
    intervalMs: 1,
  });
  return { store, sent, approved, approvals, next };
}

describe('somebody who was given a code', () => {
  it('is told when the host’s list lets them in', async () => {
    const { approvals, approved, sent, next } = stage();
    await approvals.asked(ada, 'CODE2345');
    approved.push(ada);
    await next;
    await approvals.close();
    expect(sent).toMatchObject([{ to: ada, purpose: 'notice' }]);
  });

  it('is told once, however the approval is seen', async () => {
    const { approvals, sent } = stage();
    await approvals.asked(ada, 'CODE2345');
    expect(await approvals.confirm(ada)).toBe(true);
    expect(await approvals.confirm(ada)).toBe(false);
    await approvals.close();
    expect(sent).toHaveLength(1);
  });

  it('is told after a restart', async () => {
    const first = stage();
    await first.approvals.asked(ada, 'CODE2345');
    await first.approvals.close();
    const second = stage(first.store);
    second.approved.push(ada);
    await second.approvals.start();
    await second.next;
    await second.approvals.close();
    expect(second.sent).toHaveLength(1);
  });

  it('gets the same send id for the same code, so that the outbox sends one text', async () => {
    const [first, second] = [stage(), stage()];
    for (const { approvals } of [first, second]) {
      await approvals.asked(ada, 'CODE2345');
      await approvals.confirm(ada);
      await approvals.close();
    }
    expect(first.sent[0]?.id).toBe(second.sent[0]?.id);
  });
});
