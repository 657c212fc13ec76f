import { describe, expect, it } from 'vitest';
import { createTurnGate } from './turn-gate.ts';

describe('two texts of one person', () => {
  it('are handed on at once while the first is being thought about', async () => {
    const gate = createTurnGate();
    await gate.enter('ada');
    await expect(gate.enter('ada')).resolves.toBeDefined();
  });

  it('are kept apart while the answer to the first is delivered', async () => {
    const gate = createTurnGate();
    const order: string[] = [];
    const first = await gate.enter('ada');
    first.ending();
    first.ending();
    const second = gate.enter('ada').then(() => order.push('second began'));
    await gate.enter('bob');
    order.push('first over');
    first.over();
    await second;
    expect(order).toEqual(['first over', 'second began']);
  });

  it('leave nothing behind', async () => {
    const gate = createTurnGate();
    const turn = await gate.enter('ada');
    turn.over();
    turn.ending();
    await expect(gate.enter('ada')).resolves.toBeDefined();
  });
});
