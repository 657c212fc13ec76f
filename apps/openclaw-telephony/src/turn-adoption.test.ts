import { describe, expect, it } from 'vitest';
import { createTurnAdoption } from './turn-adoption.ts';

function start() {
  const events: string[] = [];
  const controller = new AbortController();
  const adoption = createTurnAdoption({
    signal: controller.signal,
    onAdopted: () => events.push('adopted'),
    onSettled: () => events.push('settled'),
  });
  const decided = async (): Promise<void> => {
    await adoption.decided();
    events.push('decided');
  };
  return { events, controller, adoption, decided, lifecycle: adoption.lifecycle };
}

describe('a turn that the host begins at once', () => {
  it('is decided when its run is over, adopted or not', async () => {
    const { adoption, lifecycle } = start();
    await adoption.decided();
    expect(adoption.isAdopted()).toBe(false);
    await lifecycle.onAdopted();
    await adoption.decided();
    expect(adoption.isAdopted()).toBe(true);
  });

  it('is to be run again when the host gave it up before', async () => {
    const { adoption, lifecycle } = start();
    lifecycle.onAbandoned?.();
    await expect(adoption.decided()).rejects.toThrow('gave the turn up');
  });
});

describe('a turn that the host puts behind another', () => {
  it('is ours until the host begins it', async () => {
    const { events, lifecycle, decided } = start();
    expect(lifecycle.onDeferred?.()).toBeUndefined();
    const deciding = decided();
    await Promise.resolve();
    expect(events).toEqual([]);
    await lifecycle.onAdopted();
    await deciding;
    expect(events).toEqual(['adopted', 'decided']);
    lifecycle.onSettled?.();
    expect(events).toEqual(['adopted', 'decided', 'settled']);
  });

  it('is to be run again when the host gives it up', async () => {
    const { lifecycle, decided } = start();
    lifecycle.onDeferred?.();
    const deciding = decided();
    lifecycle.onAbandoned?.();
    lifecycle.onSettled?.();
    await expect(deciding).rejects.toThrow('gave the turn up');
  });

  it('is done when it was taken into another turn', async () => {
    const { events, lifecycle, decided } = start();
    lifecycle.onDeferred?.();
    const deciding = decided();
    lifecycle.onSettled?.();
    await deciding;
    expect(events).toEqual(['settled', 'decided']);
  });

  it('is waited for no longer than its text is handled', async () => {
    const { lifecycle, decided, controller } = start();
    lifecycle.onDeferred?.();
    const deciding = decided();
    controller.abort(new Error('the server closed'));
    await expect(deciding).rejects.toThrow('the server closed');
  });
});
