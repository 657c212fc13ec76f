import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  accountSid,
  authToken,
  callApi,
  ours,
  send,
  startApplication,
  startScene,
  theirs,
} from './scene.testing.ts';
import { startTwilioSim } from './start-twilio-sim.ts';

const never = (): Promise<never> => new Promise(() => undefined);

/** The minimal standard generator of Park and Miller. */
function seeded(): () => number {
  let state = 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

describe('a simulator', () => {
  it('listens on the loopback only, under one URL', async () => {
    const { sim } = await startScene();
    expect(new URL(sim.url).hostname).toBe('127.0.0.1');
    expect(sim.baseUrl).toBe(sim.url);
  });

  it('starts with an account and a token, and on a port that is free', async () => {
    const options = { accountSid, authToken, numbers: [] };
    await expect(startTwilioSim({ ...options, accountSid: 'AC1' })).rejects.toThrow(RangeError);
    await expect(startTwilioSim({ ...options, authToken: '' })).rejects.toThrow(RangeError);
    const application = await startApplication();
    const port = Number(new URL(application.url).port);
    await expect(startTwilioSim({ ...options, port })).rejects.toThrow('EADDRINUSE');
  });

  it('makes the same identifiers from the same random numbers', async () => {
    const [one, other] = [
      await startScene({ random: seeded() }),
      await startScene({ random: seeded() }),
    ];
    expect((await send(one.sim)).body['sid']).toBe((await send(other.sim)).body['sid']);
  });

  it('hands out every message once, oldest first, whether it came before or after', async () => {
    const { sim } = await startScene();
    await send(sim, { Body: 'one' });
    await send(sim, { Body: 'two' });
    expect(await sim.nextMessage()).toMatchObject({ body: 'one' });
    expect(await sim.nextMessage()).toMatchObject({ body: 'two' });
    const waiting = sim.nextMessage({ matching: /^th.ee$/u });
    await send(sim, { Body: 'other' });
    await send(sim, { Body: 'three' });
    expect(await waiting).toMatchObject({ body: 'three' });
    await expect(sim.nextMessage({ to: ours, timeoutMs: 0 })).rejects.toThrow(
      'waited for a message to one recipient: none arrived within 0 ms; 1 others are unclaimed',
    );
  });

  it('forgets everything on reset, but for its numbers', async () => {
    const { sim, application } = await startScene();
    application.answer = never;
    sim.faults.add({ on: 'api', kind: 'html' });
    const text = sim.text({ from: theirs, to: ours, text: 'STOP' });
    await send(sim, { To: '+15550100124', StatusCallback: `${application.url}/status` });
    await sim.reset();
    expect((await text).attempts).toMatchObject([{ error: 'aborted' }]);
    expect([sim.messages, sim.optOuts, sim.alerts, sim.faults.pending, sim.autoReplies]).toEqual([
      [],
      [],
      [],
      [],
      [],
    ]);
    expect(sim.numbers[0]?.messageUrl).toBe(`${application.url}/sms`);
    expect((await send(sim)).status).toBe(201);
    expect((await callApi(sim, 'GET', '/Messages.json')).status).toBe(200);
  });

  it('lets what is on the wire end when it is closed, and starts nothing more', async () => {
    const { sim, application } = await startScene({ timing: { receiptDelayMs: 60_000 } });
    let answer: (() => void) | undefined;
    const asked = new Promise<void>((resolve) => {
      application.answer = () => {
        resolve();
        return new Promise((reply) => {
          answer = () => reply({ status: 204 });
        });
      };
    });
    const text = sim.text({ from: theirs, to: ours, text: 'Hello' });
    await send(sim, { StatusCallback: `${application.url}/status` });
    await asked;
    const closed = sim.close();
    answer?.();
    await closed;
    expect((await text).acknowledged).toBe(true);
    expect(application.requests).toHaveLength(1);
    await expect(send(sim)).rejects.toThrow('fetch failed');
  });

  it('does not wait for ever for an application when it is closed', async () => {
    const { sim, application } = await startScene({ timing: { closeGraceMs: 1 } });
    application.answer = never;
    const text = sim.text({ from: theirs, to: ours, text: 'Hello' });
    const waiting = sim.nextMessage();
    const refused = waiting.catch((error: unknown) => String(error));
    await sim.close();
    await sim.close();
    expect(await refused).toContain('the simulator was closed');
    expect((await text).attempts).toMatchObject([{ error: 'aborted' }]);
  });

  it('leaves no handle: a program that closed it ends by itself', async () => {
    const program = `
      import { startTwilioSim } from ${JSON.stringify(new URL('start-twilio-sim.ts', import.meta.url).href)};
      const sim = await startTwilioSim(${JSON.stringify({ accountSid, authToken, numbers: [{ number: ours }] })});
      await sim.text({ from: ${JSON.stringify(theirs)}, to: ${JSON.stringify(ours)}, text: 'Hello' });
      void sim.nextMessage({ timeoutMs: 600_000 }).catch((error) => console.log(error.message));
      await sim.close();
    `;
    const options = ['--conditions=@openclaw/source', '--input-type=module', '--eval', program];
    const { stdout } = await promisify(execFile)(process.execPath, options, { timeout: 20_000 });
    expect(stdout).toContain('the simulator was closed');
  });

  it('tells of its own failures instead of hiding them', async () => {
    const { sim } = await startScene({
      outcome: () => {
        throw new Error('the test is wrong');
      },
    });
    await send(sim);
    await expect(sim.settled()).rejects.toThrow(AggregateError);
    await sim.settled();
  });
});
