import { botNumber } from './carrier.ts';
import { longAnswer } from './mock-model.ts';
import { ada, bob, dan, type Scene } from './scene.ts';
import { check, pause, until } from './stages.ts';

/** Texts and pictures both ways, and everything that must not happen twice or at all. */
export async function conversationSteps(scene: Scene): Promise<void> {
  const { machine, model, stages, carrier } = scene;
  const { sim } = carrier;

  await stages.run('five texts in a row are answered, each soon', async () => {
    const times: number[] = [];
    for (let turn = 1; turn <= 5; turn += 1) {
      const start = performance.now();
      scene.once.add(`warm${turn}`);
      await scene.text(ada, `please SAY:warm${turn}`);
      await scene.answer(ada, `Answer: warm${turn}`);
      times.push(Math.round(performance.now() - start));
    }
    times.sort((one, other) => one - other);
    return { p50: times[2], slowest: times[4] };
  });

  await stages.run('a picture reaches the model', async () => {
    await scene.text(ada, 'look SAY:picture', true);
    await scene.answer(ada, 'Answer: picture (saw a picture)', 60_000);
  });

  await stages.run('a picture without words reaches the model', async () => {
    const before = model.calls.length;
    await scene.text(ada, '', true);
    await scene.answer(ada, 'saw a picture', 60_000);
    check(model.calls.length > before, 'the model was not called');
  });

  await stages.run('a long answer arrives whole, in the fewest messages', async () => {
    await scene.text(ada, 'LONG please');
    await scene.answer(ada, /part 1000 of it/u, 60_000);
    const joined = await until('all of it', () => {
      const parts = scene.sentTo(ada).filter(({ body }) => /part 1\d\d\d/u.test(body));
      const whole = parts.map(({ body }) => body.replace(/^\[\d+\/\d+\] /u, '')).join('');
      return whole.length >= longAnswer.length ? whole : undefined;
    });
    check(joined === longAnswer, 'the parts do not make the whole');
    const parts = scene.sentTo(ada).filter(({ body }) => /part 1\d\d\d/u.test(body));
    return {
      messages: parts.length,
      segments: parts.reduce((sum, one) => sum + one.numSegments, 0),
    };
  });

  await stages.run('the same webhook again does nothing', async () => {
    scene.once.add('once');
    const { delivery } = await scene.text(ada, 'once SAY:once');
    await scene.answer(ada, 'Answer: once');
    const [calls, sent] = [model.calls.length, scene.sentTo(ada).length];
    const again = await sim.redeliver(delivery);
    check(again.status !== undefined && again.status < 300, `answered ${again.status}`);
    await pause(1000);
    check(
      model.calls.length === calls && scene.sentTo(ada).length === sent,
      'it was handled again',
    );
  });

  await stages.run('a forged webhook is refused, and its genuine one still new', async () => {
    const genuine = sim.draft({ from: ada, to: botNumber, text: 'genuine SAY:genuine' });
    const calls = model.calls.length;
    const forged = await sim.post(sim.forge({ request: genuine }));
    check(forged.status === 401 || carrier.name === 'plivo', `answered ${forged.status}`);
    await pause(500);
    check(model.calls.length === calls, 'the model heard of it');
    if (carrier.name === 'plivo') return { note: 'posted texts are unknown to the carrier' };
    const posted = await sim.post(genuine);
    check(posted.status !== undefined && posted.status < 300, `answered ${posted.status}`);
    await scene.answer(ada, 'Answer: genuine');
    return { forged: forged.status };
  });

  await stages.run('who says STOP is not texted, and the model hears nothing', async () => {
    await scene.text(bob, 'STOP');
    const calls = model.calls.length;
    await scene.text(bob, 'please SAY:stopped');
    await pause(1500);
    check(model.calls.length === calls, 'the model was called');
    const refused = await machine.openclaw(
      ['message', 'send', '--channel', 'telephony', '--target', bob, '--message', 'are you there?'],
      { mayFail: true },
    );
    check(refused.code !== 0, 'a text to somebody who opted out was accepted');
    check(!scene.sentTo(bob).some(({ body }) => body.includes('are you there')), 'it was sent');
    await scene.text(bob, 'START');
    await scene.text(bob, 'please SAY:started');
    await scene.answer(bob, 'Answer: started');
  });

  await stages.run(
    'the carrier takes nothing for a moment: the answer arrives later, once',
    async () => {
      sim.faults.add({ on: 'send', kind: 'status-429', retryAfterSeconds: 1, match: { to: ada } });
      const start = performance.now();
      await scene.text(ada, 'please SAY:later');
      await scene.answer(ada, 'Answer: later', 60_000);
      scene.once.add('later');
      return { replyMs: Math.round(performance.now() - start) };
    },
  );

  await stages.run(
    'the carrier breaks and does not say whether it sent: nothing is sent twice',
    async () => {
      sim.faults.add({ on: 'send', kind: 'status-500', afterAccept: true, match: { to: ada } });
      await scene.text(ada, 'please SAY:perhaps');
      await scene.answer(ada, 'Answer: perhaps', 60_000);
      scene.once.add('perhaps');
    },
  );

  await stages.run('a stranger cannot be texted by the agent, and can by its owner', async () => {
    await scene.text(ada, `TOOL {"action":"send_sms","to":"${dan}","message":"from the agent"}`);
    await scene.answer(ada, /Tool: .*not let in/u, 60_000);
    check(scene.sentTo(dan).length === 0, 'the stranger was texted');
    await machine.call('telephony.send', { to: dan, message: 'from the owner' });
    await scene.answer(dan, 'from the owner');
  });
}
