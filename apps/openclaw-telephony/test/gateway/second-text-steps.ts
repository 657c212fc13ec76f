import { ada, type Scene } from './scene.ts';
import { check, pause, until } from './stages.ts';

/** Two texts of one person, one after the other, and the gateway dies between them and their answers. */
export async function secondTextSteps(scene: Scene): Promise<void> {
  const { machine, stages, model, carrier } = scene;
  const [first, second] = ['first-text', 'second-text'];
  await stages.run(
    `a second text while the agent thinks, kill -9: both answered, once (${carrier.queueMode})`,
    async () => {
      await machine.gateway.settled();
      const sent = scene.sentTo(ada).length;
      const calls = model.calls.length;
      const release = model.hold();
      try {
        await scene.text(ada, `please SAY:${first}`);
        await until('the model is asked', () => model.calls.length > calls, 60_000);
        await scene.text(ada, `please SAY:${second}`);
        // So long that the host has it in hand.
        await pause(2000);
        await machine.gateway.kill();
      } finally {
        release();
      }
      await machine.gateway.start();
      const start = performance.now();
      for (const word of [first, second]) {
        await until(`an answer to ${word}`, () => scene.answersWith(word) > 0, 90_000);
        scene.once.add(word);
      }
      const replyMs = Math.round(performance.now() - start);
      const broken = scene.sentTo(ada).slice(sent);
      check(!broken.some(({ body }) => body.includes('⚠️')), JSON.stringify(broken));
      return { replyMs };
    },
  );
}
