import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { control, ours, send, startScene, theirs, twiml } from './scene.testing.ts';

describe('the control endpoints', () => {
  it('send a text to a number and report what became of it', async () => {
    const { sim, application } = await startScene();
    application.answer = () => Promise.resolve(twiml('<Response><Message>Hi</Message></Response>'));
    const { status, body } = await control(sim, 'POST', 'texts', {
      from: theirs,
      to: ours,
      text: 'Hello',
      parameters: { ProfileName: 'Ann' },
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      acknowledged: true,
      attempts: [{ status: 200 }],
      replies: [{ body: 'Hi', direction: 'outbound-reply' }],
      request: { method: 'POST', body: expect.stringContaining('ProfileName=Ann') },
    });
  });

  it('send pictures and opt-out keywords', async () => {
    const { sim, application } = await startScene();
    const media = [{ contentType: 'image/png', base64: 'iVBORw==' }];
    await control(sim, 'POST', 'texts', { from: theirs, to: ours, media });
    const stop = await control(sim, 'POST', 'texts', {
      from: theirs,
      to: ours,
      text: 'STOP',
      optOutType: 'STOP',
    });
    expect(application.forms()[0]?.get('NumMedia')).toBe('1');
    expect(application.forms()[1]?.get('OptOutType')).toBe('STOP');
    expect(stop.body['autoReply']).toMatchObject({ to: theirs });
  });

  it('show messages, and wait for the next one', async () => {
    const { sim } = await startScene({ receipts: 'manual' });
    const next = control(
      sim,
      'GET',
      `messages/next?to=${encodeURIComponent(theirs)}&containing=two`,
    );
    await send(sim, { Body: 'one' });
    await send(sim, { Body: 'two', To: '+15550100124' });
    await send(sim, { Body: 'two' });
    expect((await next).body).toMatchObject({ body: 'two', to: theirs, status: 'queued' });
    const all = await control(sim, 'GET', 'messages');
    expect(all.body['messages']).toHaveLength(3);
    const one = await control(sim, 'GET', 'messages?to=%2B15550100124');
    expect(one.body['messages']).toMatchObject([{ body: 'two', parameters: { From: ours } }]);
    const none = await control(sim, 'GET', 'messages/next?containing=nothing&timeoutMs=0');
    expect(none.status).toBe(404);
    expect((await control(sim, 'GET', 'messages/next?timeoutMs=x')).status).toBe(400);
  });

  it('send receipts, set faults and webhooks, and show the state', async () => {
    const { sim, application } = await startScene({ receipts: 'manual' });
    const { body } = await send(sim, { StatusCallback: `${application.url}/status` });
    const receipt = { sid: body['sid'], status: 'failed', errorCode: 30_007 };
    expect((await control(sim, 'POST', 'receipts', receipt)).body).toEqual({
      sent: true,
      acknowledged: true,
    });
    expect((await control(sim, 'POST', 'faults', { on: 'send', kind: 'html' })).status).toBe(204);
    const messageUrl = `${application.url}/other`;
    await control(sim, 'POST', 'numbers', { number: ours, messageUrl, messageMethod: 'GET' });
    const state = await control(sim, 'GET', 'state');
    expect(state.body).toMatchObject({
      url: sim.url,
      numbers: [{ number: ours, messageUrl, messageMethod: 'GET' }],
      faults: [{ on: 'send', kind: 'html' }],
      messageCount: 1,
    });
    expect((await control(sim, 'DELETE', 'faults')).status).toBe(204);
    expect((await control(sim, 'POST', 'settle')).status).toBe(204);
    expect((await control(sim, 'POST', 'reset')).status).toBe(204);
    expect(sim.messages).toEqual([]);
  });

  it.each([
    { on: 'send', kind: 'status-500', afterAccept: true, times: 2, match: { to: theirs } },
    { on: 'send', kind: 'status-429', retryAfterSeconds: 3 },
    { on: 'api', kind: 'error', code: 20_404 },
    { on: 'media', kind: 'slow', delayMs: 5 },
    { on: 'send', kind: 'drop-after-accept' },
    { on: 'receipt', kind: 'lost', match: { status: 'sent', from: ours } },
    { on: 'inbound', kind: 'slow', delayMs: 5, match: { containing: 'x' } },
  ])('take the fault %j', async (fault) => {
    const { sim } = await startScene();
    expect((await control(sim, 'POST', 'faults', fault)).status).toBe(204);
    expect(sim.faults.pending).toMatchObject([fault]);
  });

  it.each([
    ['texts', { to: ours, text: 'Hi' }, '`from` is missing'],
    ['texts', { from: 1, to: ours }, '`from` has the wrong type'],
    ['texts', { from: theirs, to: theirs, text: 'Hi' }, 'no number of this account'],
    ['texts', { from: theirs, to: ours, media: [1] }, 'media[0] is not an object'],
    ['texts', { from: theirs, to: ours, text: 'x', optOutType: 'no' }, 'STOP, START, HELP'],
    ['texts', [], 'the body is not an object'],
    ['receipts', { sid: 'SMx', status: 'sent' }, 'no message'],
    ['receipts', { sid: 'SMx', status: 'lost' }, 'none of'],
    ['faults', { on: 'send', kind: 'lost' }, 'none of'],
    ['faults', { on: 'send', kind: 'slow' }, '`delayMs` is missing'],
    ['faults', { on: 'send', kind: 'html', times: 0 }, 'at least once'],
    ['numbers', { number: theirs }, 'no such number'],
  ])('refuse what they cannot use: %s %j', async (path, body, why) => {
    const { sim } = await startScene();
    const answer = await control(sim, 'POST', path, body);
    expect(answer.status).toBe(400);
    expect(answer.body['error']).toContain(why);
  });

  it('refuse what is no JSON, and have nothing elsewhere', async () => {
    const { sim } = await startScene();
    const answer = await fetch(`${sim.url}/_sim/texts`, { method: 'POST', body: '{' });
    expect(answer.status).toBe(400);
    expect((await control(sim, 'GET', 'nothing')).status).toBe(404);
  });

  it('are not for pages in a browser, nor for another name of this machine', async () => {
    const { sim } = await startScene();
    const ask = (headers: Record<string, string>): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        request(`${sim.url}/_sim/state`, { headers, agent: false }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on('error', reject)
          .end();
      });
    expect(await ask({ Origin: 'https://example.com' })).toBe(403);
    expect(await ask({ Host: 'rebound.example.com' })).toBe(403);
    expect(await ask({ Host: 'localhost' })).toBe(200);
  });
});
