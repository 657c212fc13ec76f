import { TelephonyError } from '@openclaw/telephony-core';
import type { OutboundRequest } from '@openclaw/telephony-server';
import { createMemoryStore } from '@openclaw/telephony-store';
import { describe, expect, it } from 'vitest';
import { createApprovals } from './approvals.ts';

const ada = '+15550100123';
const bob = '+15550100124';
const nothing = (): void => undefined;

function stage(
  store = createMemoryStore(),
  refuse: (to: string) => Error | undefined = () => undefined,
) {
  const warnings: string[] = [];
  const warn = (_fields: object, message: string): void => void warnings.push(message);
  const logger = { debug: nothing, info: nothing, warn, error: nothing };
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
        const refusal = refuse(request.to);
        if (refusal !== undefined) return Promise.reject(refusal);
        sent.push(request);
        told();
        return Promise.resolve({ id: '', messageCount: 1, segmentCount: 1, duplicate: false });
      },
    }),
    logger,
    intervalMs: 1,
  });
  return { store, sent, approved, approvals, next, warnings };
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

describe('somebody who cannot be told', () => {
  it('because they said STOP, is given up, and keeps nobody behind them waiting', async () => {
    const { approvals, approved, sent, next, warnings, store } = stage(undefined, (to) =>
      to === ada
        ? new TelephonyError('recipient_opted_out', 'they said STOP', { outcome: 'not-performed' })
        : undefined,
    );
    approved.push(ada, bob);
    await approvals.asked(ada, 'CODE2345');
    await approvals.asked(bob, 'CODE3456');
    await next;
    await approvals.close();
    expect(sent).toMatchObject([{ to: bob }]);
    expect(warnings).toEqual(['somebody who was approved may not be texted: they are not told']);
    expect(await store.keyValue.get(`openclaw/asked/default/${ada}`)).toBeUndefined();
  });

  it('for now, is tried again ever more seldom, with one warning', async () => {
    const tries: string[] = [];
    const { approvals, approved, sent, next, warnings } = stage(undefined, (to) => {
      if (to !== ada) return undefined;
      tries.push(to);
      return tries.length > 3 ? undefined : new Error('the disk is full');
    });
    approved.push(ada);
    await approvals.asked(ada, 'CODE2345');
    await next;
    await approvals.close();
    expect(sent).toMatchObject([{ to: ada }]);
    expect(tries).toHaveLength(4);
    expect(warnings).toEqual(['somebody who was approved cannot be told now; tried again']);
  });
});
