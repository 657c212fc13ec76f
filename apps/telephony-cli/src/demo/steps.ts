import { countSegments } from '@openclaw/sms-encoding';
import { fewestMessages, longAnswer } from './long-answer.ts';
import { botNumber, type Stage } from './stage.ts';

const ada = '+15550100123';

/** The main job, in six steps. Each tells what it saw, and checks it. */
export async function playSteps(stage: Stage): Promise<void> {
  const code = await strangerIsPaired(stage);
  await approvedIsAnswered(stage, code);
  await longAnswerArrives(stage);
  await replaysAndForgeriesDoNothing(stage);
  await killedServerLosesNothing(stage);
  await receiptsEndRight(stage);
}

async function strangerIsPaired({ transcript, ...stage }: Stage): Promise<string> {
  transcript.step(1, 'A stranger texts: one pairing text, and nothing else happens');
  await stage.text(ada, 'Hello, who is this?');
  const { message } = await stage.answer(ada);
  const code = /\b[A-HJ-NP-Z2-9]{8}\b/u.exec(message.body)?.[0] ?? '';
  transcript.check(
    `the pairing text is one segment, with the code ${code}`,
    code !== '' && message.numSegments === 1,
  );
  await stage.text(ada, 'Hello?');
  await stage.quiet();
  transcript.check('texting again sends no second code', stage.sentTo(ada).length === 1);
  return code;
}

async function approvedIsAnswered({ transcript, ...stage }: Stage, code: string): Promise<void> {
  transcript.step(2, `telephony pair approve ${code}: let in, told so, and answered`);
  transcript.note(await stage.run('pair', 'approve', code));
  await stage.answer(ada);
  await stage.text(ada, 'What did I say?');
  const { message } = await stage.answer(ada);
  transcript.check('the agent answered this text', message.body === 'You said: What did I say?');
  await stage.quiet();
  transcript.check(
    'and none that came before the approval',
    !stage.sentTo(ada).some(({ body }) => body.includes('Hello')),
  );
}

async function longAnswerArrives({ transcript, ...stage }: Stage): Promise<void> {
  transcript.step(3, 'A 1,700-character answer with one emoji: complete, in the fewest segments');
  const before = stage.sentTo(ada).length;
  await stage.text(ada, 'Tell me everything about segments');
  await stage.answer(ada);
  await stage.answer(ada);
  await stage.quiet();
  const parts = stage.sentTo(ada).slice(before);
  transcript.note(`… ${parts.length - 3} more …`);
  for (let number = 3; number < parts.length; number += 1) {
    await stage.sim.nextMessage({ to: ada, matching: `[${number}/` });
  }
  await stage.answer(ada, `[${parts.length}/`);
  const joined = parts.map(({ body }) => body.replace(/^\[\d+\/\d+\] /u, '')).join('');
  const segments = parts.reduce((sum, { numSegments }) => sum + numSegments, 0);
  const asOne = countSegments(longAnswer());
  transcript.check('put together, it is what the agent said', joined === longAnswer());
  transcript.check(
    `it cost ${segments} segments, and no cut makes it fewer; as one message, the emoji would have made it ${asOne}`,
    segments === fewestMessages(longAnswer()) && segments < asOne,
  );
}

async function replaysAndForgeriesDoNothing({ transcript, ...stage }: Stage): Promise<void> {
  transcript.step(4, 'The same webhook again, and a forged one');
  const delivery = await stage.text(ada, 'Only once, please');
  await stage.answer(ada, 'Only once');
  const before = stage.sentTo(ada).length;
  const again = await stage.sim.redeliver(delivery);
  await stage.quiet();
  transcript.check(
    `posted again, byte for byte: answered ${again.status ?? 'nothing'}, and not processed again`,
    again.status === 200 && stage.sentTo(ada).length === before,
  );
  const genuine = stage.sim.draft({ from: ada, to: botNumber, text: 'Signed, but not sent yet' });
  const forged = await stage.sim.post(stage.sim.forge({ request: genuine }));
  await stage.quiet();
  transcript.check(
    `one byte changed: answered ${forged.status ?? 'nothing'}, nobody hears of it`,
    forged.status === 401 && stage.sentTo(ada).length === before,
  );
  await stage.sim.post(genuine);
  const { message } = await stage.answer(ada, 'Signed, but not sent yet');
  transcript.check(
    'the forged one was not stored: the genuine one, coming later, is new',
    message.body === 'You said: Signed, but not sent yet',
  );
}

async function killedServerLosesNothing({ transcript, ...stage }: Stage): Promise<void> {
  transcript.step(5, 'SIGKILL right after the acknowledgement');
  // Receipts of earlier steps must not meet a dead server: some carriers come back after a minute.
  await stage.quiet();
  const before = stage.sentTo(ada).length;
  await stage.text(ada, 'Think hard about this one');
  await stage.server.kill();
  transcript.note('kill -9: the server is gone while the agent was still thinking');
  transcript.check('nothing was answered yet', stage.sentTo(ada).length === before);
  const start = performance.now();
  await stage.server.start();
  transcript.note(`started again in ${Math.round(performance.now() - start)} ms`);
  await stage.answer(ada, 'Think hard');
  await stage.quiet();
  transcript.check('the answer arrived, exactly once', stage.sentTo(ada).length === before + 1);
}

async function receiptsEndRight({ transcript, ...stage }: Stage): Promise<void> {
  transcript.step(6, 'Delivery receipts out of order');
  await stage.text(ada, 'Did it arrive?');
  const good = await stage.answer(ada, 'Did it arrive');
  await stage.quiet();
  const receipts = good.message.receipts.map(({ status }) => status);
  transcript.check(
    `receipts came as ${receipts.join(', ')}; the message is ${good.delivery.status}`,
    receipts[0] === 'delivered' && receipts.length > 1 && good.delivery.status === 'delivered',
  );
  const { number, errorCode } = stage.sim.magicNumbers.unreachable;
  transcript.note(await stage.run('send', number, 'Anybody there?'));
  const { delivery } = await stage.answer(number);
  transcript.check(
    `a number that cannot be reached: ${delivery.status}, error ${delivery.carrierErrorCode ?? 'none'}`,
    ['undelivered', 'failed'].includes(delivery.status) &&
      delivery.carrierErrorCode === String(errorCode),
  );
}

/** A conversation with the bot, a line at a time. */
export async function converse(stage: Stage, lines: AsyncIterable<string>): Promise<void> {
  stage.transcript.note(`You are ${ada}, the bot is ${botNumber}. Ctrl+C ends it.`);
  for await (const line of lines) {
    if (line.trim() === '') continue;
    const before = stage.sentTo(ada).length;
    await stage.text(ada, line);
    await stage.quiet();
    for (const { body } of stage.sentTo(ada).slice(before)) await stage.answer(ada, body);
  }
}
