import { createMemoryStore } from '@openclaw/telephony-store';
import { describe, expect, it } from 'vitest';
import { correlationIdOf } from './correlation.ts';
import { startServer } from '../running-server.testing.ts';

describe('the correlation id', () => {
  it('is short, tells nothing and is the same for ever', () => {
    expect(correlationIdOf('SM0123456789')).toBe(correlationIdOf('SM0123456789'));
    expect(correlationIdOf('SM0123456789')).toMatch(/^[\w-]{12}$/u);
    expect(correlationIdOf('SM0123456789')).not.toBe(correlationIdOf('SM0123456780'));
  });
  it('joins the lines about one text, from the webhook to its answer, across a restart', async () => {
    const store = createMemoryStore();
    const contexts: string[] = [];
    const before = await startServer({ store, idle: true });
    await before.text('hello', { id: 'in-a' });
    await before.text('bye', { id: 'in-b', from: '+15550100124' });
    await before.listener.close();
    await before.server.close();
    const after = await startServer({
      store,
      onMessage: async (message, reply, { correlationId, attempt }) => {
        contexts.push(`${message.id} ${correlationId} ${attempt}`);
        await reply('yes');
      },
    });
    await after.sent();
    await after.receipt({ id: after.provider.sent[0]?.id ?? '', status: 'delivered' });
    await after.server.idle();
    const id = correlationIdOf('mock:message:in-a');
    expect(contexts).toContain(`in-a ${id} 1`);
    const about = [...before.lines, ...after.lines]
      .filter((line) => line.includes(`"correlationId":"${id}"`))
      .map((line) => line.replace(/ \{.*/u, ''));
    expect(about).toEqual(
      expect.arrayContaining([
        'info admitted',
        'info handled',
        'info reply queued',
        'info sent',
        'info receipt',
      ]),
    );
    await after.close();
  });
});
