import { Retry } from '@openclaw/telephony-store';
import { describe, expect, it } from 'vitest';
import { createPatience, TookTooLong } from './patience.ts';

const never = (): Promise<never> => new Promise(() => undefined);

describe('patience', () => {
  it('hands on what comes of it, what is thrown at once too', async () => {
    const patience = createPatience({ givenUp: new AbortController().signal });
    expect(await patience(() => Promise.resolve(1))).toBe(1);
    await expect(patience(() => Promise.reject(new Error('a')))).rejects.toThrow('a');
    await expect(
      patience(() => {
        throw new Error('b');
      }),
    ).rejects.toThrow('b');
  });
  it('ends after its time', async () => {
    const { signal } = new AbortController();
    const wait = createPatience({ givenUp: signal, timeoutMs: 1 })(never);
    await expect(wait).rejects.toBeInstanceOf(TookTooLong);
  });
  it('ends when the server gives up, and asks for another try; nothing begins after that', async () => {
    const controller = new AbortController();
    const patience = createPatience({ givenUp: controller.signal });
    const wait = patience(never);
    controller.abort();
    await expect(wait).rejects.toBeInstanceOf(Retry);
    let began = false;
    const late = patience(async () => {
      began = true;
    });
    await expect(late).rejects.toBeInstanceOf(Retry);
    expect(began).toBe(false);
  });
});
