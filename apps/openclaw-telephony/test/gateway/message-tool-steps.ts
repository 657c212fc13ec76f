import { ada, type Scene } from './scene.ts';
import { check } from './stages.ts';

/** OpenClaw's own `message` tool, which any text that the agent reads may talk it into. */
export async function messageToolSteps(scene: Scene): Promise<void> {
  const { machine, stages, carrier } = scene;
  const stranger = '+15550100199';
  const other = carrier.name === 'telnyx' ? 'plivo' : 'telnyx';

  await stages.run(
    'the model’s message tool cannot text a stranger, nor as its owner; telephony send can',
    async () => {
      const targets = [stranger, `${carrier.name}:${stranger}`, `tel:${stranger}`];
      for (const target of targets) {
        const tool = { action: 'send', channel: 'telephony', target, message: 'from the model' };
        await scene.text(ada, `TOOL:message ${JSON.stringify(tool)}`);
        await scene.answer(ada, /Tool: .*not let in/su, 60_000);
      }
      check(scene.sentTo(stranger).length === 0, 'the stranger was texted');
      // The host cannot tell this from a tool call of an agent that its owner drives with `openclaw agent`.
      const refused = await machine.openclaw(
        [
          'message',
          'send',
          '--channel',
          'telephony',
          '--message',
          'as owner',
          '--target',
          stranger,
        ],
        { mayFail: true },
      );
      check(refused.code !== 0, 'message send to a stranger was accepted');
      check(refused.all.includes('not let in'), refused.all.slice(-400));
      await machine.openclaw(['telephony', 'send', stranger, 'from the owner']);
      await scene.answer(stranger, 'from the owner');
      check(scene.sentTo(stranger).length === 1, 'the stranger was texted more than once');
    },
  );

  await stages.run('a target of another carrier is refused, and says what to do', async () => {
    const before = scene.sentTo(stranger).length;
    const sent = await machine.openclaw(
      ['message', 'send', '--message', 'elsewhere', '--target', `${other}:${stranger}`],
      { mayFail: true },
    );
    check(sent.code !== 0, 'it was sent');
    check(sent.all.includes(`leave "${other}:" out`), sent.all.slice(-400));
    check(scene.sentTo(stranger).length === before, 'the stranger was texted');
  });
}
