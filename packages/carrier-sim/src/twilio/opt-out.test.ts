import { describe, expect, it } from 'vitest';
import { readKeyword } from '../carrier/opt-out.ts';
import { keywords } from './keywords.ts';
import { ours, send, startScene, theirs } from './scene.testing.ts';

const service = `MG${'1'.repeat(32)}`;

describe('an opt-out keyword', () => {
  it('is one word alone, in any case and between white space', () => {
    expect(
      [' stop ', 'Unsubscribe', 'OPTOUT', 'revoke'].map((text) => readKeyword(text, keywords)),
    ).toEqual(Array(4).fill('STOP'));
    expect(['start', 'YES', 'Unstop'].map((text) => readKeyword(text, keywords))).toEqual(
      Array(3).fill('START'),
    );
    expect(['help', 'INFO'].map((text) => readKeyword(text, keywords))).toEqual(
      Array(2).fill('HELP'),
    );
    expect(
      ['please stop', 'STOP ALL', '', 'stop!'].map((text) => readKeyword(text, keywords)),
    ).toEqual(Array(4).fill(undefined));
  });

  it('blocks sending, is answered by the carrier once, and still reaches the application', async () => {
    const { sim, application } = await startScene();
    const first = await sim.text({ from: theirs, to: ours, text: 'STOP' });
    const second = await sim.text({ from: theirs, to: ours, text: 'stop' });
    expect(first.autoReply).toMatchObject({ from: ours, to: theirs });
    expect(second.autoReply).toBeUndefined();
    expect(application.forms().map((form) => form.get('Body'))).toEqual(['STOP', 'stop']);
    expect(application.forms()[0]?.has('OptOutType')).toBe(false);
    expect((await send(sim)).body).toMatchObject({ code: 21_610 });
    expect((await send(sim, { To: '+15550100124' })).status).toBe(201);
    expect(sim.optOuts).toEqual([{ sender: ours, recipient: theirs }]);
    expect(sim.messages).toHaveLength(1);
    expect(sim.autoReplies).toHaveLength(1);
  });

  it('START lets messages through again, HELP is only answered', async () => {
    const { sim } = await startScene();
    expect((await sim.text({ from: theirs, to: ours, text: 'START' })).autoReply).toBeUndefined();
    await sim.text({ from: theirs, to: ours, text: 'STOP' });
    expect((await sim.text({ from: theirs, to: ours, text: 'HELP' })).autoReply).toBeDefined();
    expect((await send(sim)).status).toBe(400);
    expect((await sim.text({ from: theirs, to: ours, text: 'START' })).autoReply).toBeDefined();
    expect((await send(sim)).status).toBe(201);
  });

  it('counts for all numbers of a Messaging Service, and is named with Advanced Opt-Out', async () => {
    const { sim, application } = await startScene();
    const url = `${application.url}/sms`;
    const { sim: pool } = await startScene({
      numbers: [
        { number: ours, messageUrl: url, messagingServiceSid: service, advancedOptOut: true },
        { number: '+15550100101', messagingServiceSid: service },
      ],
    });
    await pool.text({ from: theirs, to: ours, text: 'Stop' });
    expect(application.forms()[0]?.get('OptOutType')).toBe('STOP');
    expect(application.forms()[0]?.get('MessagingServiceSid')).toBe(service);
    expect((await send(pool, { From: '+15550100101' })).body).toMatchObject({ code: 21_610 });
    const byService = { From: 'absent', MessagingServiceSid: service };
    expect((await send(pool, byService)).body).toMatchObject({ code: 21_610 });
    expect((await send(sim)).status).toBe(201);
  });

  it('can be named on any text', async () => {
    const { sim, application } = await startScene();
    await sim.text({ from: theirs, to: ours, text: 'arrêt', optOutType: 'STOP' });
    expect(application.forms()[0]?.get('OptOutType')).toBe('STOP');
  });

  it('is not sent to somebody who left by TwiML either', async () => {
    const { sim, application } = await startScene();
    application.answer = () =>
      Promise.resolve({
        status: 200,
        headers: { 'Content-Type': 'text/xml' },
        body: '<Response><Message>Goodbye</Message></Response>',
      });
    const { replies } = await sim.text({ from: theirs, to: ours, text: 'STOP' });
    expect(replies).toEqual([]);
    expect(sim.alerts).toMatchObject([{ code: 21_610 }]);
  });
});
