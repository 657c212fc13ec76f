import { ada, bob, type Scene } from './scene.ts';
import { check, pause } from './stages.ts';

/** A stranger is told how to be let in, is let in, and is told so. */
export async function pairingSteps(scene: Scene): Promise<void> {
  const { machine, model, stages } = scene;
  let code = '';
  await stages.run(
    'a stranger gets one pairing text of one segment, and the model hears nothing',
    async () => {
      const { ackMs } = await scene.text(ada, 'Hello, who is this?');
      const message = await scene.answer(ada, 'openclaw pairing approve telephony');
      code = /telephony ([A-Z0-9]{8})/u.exec(message.body)?.[1] ?? '';
      check(code !== '', `no code in: ${message.body}`);
      check(message.numSegments === 1, `${message.numSegments} segments`);
      await scene.text(ada, 'Hello?');
      await pause(500);
      check(scene.sentTo(ada).length === 1, 'texting again sent a second code');
      check(model.calls.length === 0, 'the model was called');
      return { ackMs };
    },
    { vital: true },
  );
  await stages.run(
    'pairing approve lets them in, and they are told once',
    async () => {
      const list = await machine.openclaw(['pairing', 'list', 'telephony', '--json']);
      check(list.stdout.includes(code), 'the code is not listed');
      await machine.openclaw(['pairing', 'approve', 'telephony', code]);
      await scene.answer(ada, 'let in');
      await pause(2500);
      const told = scene.sentTo(ada).filter(({ body }) => body.includes('You have been let in'));
      check(told.length === 1, `${told.length} confirmations`);
    },
    { vital: true },
  );
  await stages.run(
    'a text reaches the model, and the answer reaches the person',
    async () => {
      const start = performance.now();
      const { ackMs } = await scene.text(ada, 'please SAY:first');
      const message = await scene.answer(ada, 'Answer: first', 60_000);
      check(!message.body.includes('*'), `markup in: ${message.body}`);
      return { ackMs, replyMs: Math.round(performance.now() - start) };
    },
    { vital: true },
  );
  await stages.run(
    'somebody else is approved through the gateway, and told once',
    async () => {
      await scene.text(bob, 'Hi');
      const message = await scene.answer(bob, 'openclaw pairing approve telephony');
      const listed = await machine.call('channels.pairing.list', { channel: 'telephony' });
      const requestId = requestOf(listed.json(), bob);
      await machine.call('channels.pairing.approve', {
        channel: 'telephony',
        accountId: 'default',
        requestId,
        notify: true,
      });
      await scene.answer(bob, 'let in');
      await pause(2500);
      const told = scene.sentTo(bob).filter(({ body }) => body.includes('You have been let in'));
      check(told.length === 1, `${told.length} confirmations`);
      check(message.numSegments === 1, 'the pairing text is longer than a segment');
      await scene.text(bob, 'please SAY:bravo');
      await scene.answer(bob, 'Answer: bravo', 60_000);
      const sessions = await machine.openclaw(['sessions', '--json'], { mayFail: true });
      const keys = new Set(sessions.all.match(/agent:main:telephony[^"\s]*/gu));
      check(keys.size >= 2, `sessions: ${[...keys].join(', ')}`);
      return { sessions: [...keys] };
    },
    { vital: true },
  );
}

function requestOf(listed: unknown, sender: string): string {
  if (typeof listed === 'object' && listed !== null && 'requests' in listed) {
    const { requests } = listed;
    const found: unknown = Array.isArray(requests)
      ? requests.find((one) => one.senderId === sender)
      : undefined;
    if (typeof found === 'object' && found !== null && 'requestId' in found) {
      return String(found.requestId);
    }
  }
  throw new Error('the request is not listed');
}
