import { describe, expect, it } from 'vitest';
import { callApi, send, startScene, theirs } from './scene.testing.ts';

describe('a fault of the message endpoint', () => {
  it('strikes once, unless it is told otherwise, and only what it matches', async () => {
    const { sim } = await startScene();
    sim.faults.add({ on: 'send', kind: 'status-500', match: { to: theirs, containing: 'bad' } });
    expect((await send(sim, { Body: 'good' })).status).toBe(201);
    expect((await send(sim, { Body: 'bad' })).body).toMatchObject({ code: 20_500, status: 500 });
    expect((await send(sim, { Body: 'bad' })).status).toBe(201);
    expect(sim.faults.pending).toEqual([]);
    expect(sim.messages).toHaveLength(2);
  });

  it('may be a 429 with or without Retry-After', async () => {
    const { sim } = await startScene();
    sim.faults.add({ on: 'send', kind: 'status-429', retryAfterSeconds: 2 });
    sim.faults.add({ on: 'send', kind: 'status-429' });
    const [first, second] = [await send(sim), await send(sim)];
    expect([first.status, first.body['code'], first.headers.get('retry-after')]).toEqual([
      429,
      20_429,
      '2',
    ]);
    expect([second.status, second.headers.get('retry-after')]).toEqual([429, null]);
    expect(sim.messages).toEqual([]);
  });

  it('may be any of Twilio’s errors', async () => {
    const { sim } = await startScene();
    sim.faults.add({ on: 'send', kind: 'error', code: 21_610 });
    sim.faults.add({ on: 'send', kind: 'error', code: 99_999 });
    expect((await send(sim)).body).toMatchObject({ code: 21_610, status: 400 });
    expect((await send(sim)).body).toMatchObject({ code: 99_999, status: 400 });
  });

  it('may be an error although the message was accepted', async () => {
    const { sim } = await startScene();
    sim.faults.add({ on: 'send', kind: 'status-500', afterAccept: true });
    sim.faults.add({ on: 'send', kind: 'html', afterAccept: true });
    expect((await send(sim)).status).toBe(500);
    const page = await send(sim);
    expect([page.status, page.headers.get('content-type')]).toEqual([502, 'text/html']);
    await sim.settled();
    expect(sim.messages.map(({ status }) => status)).toEqual(['delivered', 'delivered']);
  });

  it('may be a page of a gateway', async () => {
    const { sim } = await startScene();
    sim.faults.add({ on: 'send', kind: 'html' });
    expect((await send(sim)).status).toBe(502);
    expect(sim.messages).toEqual([]);
  });

  it('may drop the connection, before or after the message was accepted', async () => {
    const { sim } = await startScene();
    sim.faults.add({ on: 'send', kind: 'drop-before-accept' });
    await expect(send(sim)).rejects.toThrow();
    expect(sim.messages).toEqual([]);
    sim.faults.add({ on: 'send', kind: 'drop-after-accept' });
    await expect(send(sim)).rejects.toThrow();
    await sim.settled();
    expect(sim.messages).toMatchObject([{ status: 'delivered' }]);
  });

  it('may cut off the document, or the response', async () => {
    const { sim } = await startScene();
    sim.faults.add({ on: 'send', kind: 'cut-off-json' });
    await expect(send(sim)).rejects.toThrow(SyntaxError);
    sim.faults.add({ on: 'send', kind: 'cut-off-reply' });
    await expect(send(sim)).rejects.toThrow('terminated');
    await sim.settled();
    expect(sim.messages.map(({ status }) => status)).toEqual(['delivered', 'delivered']);
  });

  it('may be slowness, and a refusal stays a refusal under any fault', async () => {
    const { sim } = await startScene();
    sim.faults.add({ on: 'send', kind: 'slow', delayMs: 1 });
    sim.faults.add({ on: 'send', kind: 'cut-off-json' });
    expect((await send(sim)).status).toBe(201);
    expect((await send(sim, { To: 'Bob' })).body).toMatchObject({ code: 21_211 });
  });

  it('leaves other endpoints alone, which have faults of their own', async () => {
    const { sim } = await startScene();
    sim.faults.add({ on: 'send', kind: 'status-500', times: Infinity });
    expect((await callApi(sim, 'GET', '/Messages.json')).status).toBe(200);
    sim.faults.add({ on: 'api', kind: 'status-500' });
    expect((await callApi(sim, 'GET', '/Messages.json')).status).toBe(500);
    expect((await send(sim)).status).toBe(500);
    expect((await send(sim)).status).toBe(500);
    sim.faults.clear();
    expect((await send(sim)).status).toBe(201);
  });
});
