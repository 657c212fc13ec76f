import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { publicOrigin } from './carrier.ts';
import { ada, bob, picture, type Scene } from './scene.ts';
import { check } from './stages.ts';

/** Everything that sends without somebody having texted: commands, RPC, tools. */
export async function outboundSteps(scene: Scene): Promise<void> {
  const { machine, stages, carrier } = scene;
  const stranger = '+15550100130';

  await stages.run('message send, by channel and by prefix', async () => {
    const toChannel = ['--channel', 'telephony', '--target', ada];
    const toPrefix = ['--target', `${carrier.name}:${ada}`];
    const send = ['message', 'send', '--json', '--message'];
    const [sent] = await Promise.all([
      machine.openclaw([...send, 'hello from **the command**', ...toChannel]),
      machine.openclaw([...send, 'prefixed', ...toPrefix]),
    ]);
    const message = await scene.answer(ada, 'hello from the command');
    check(sent.stdout.includes(message.id), `no carrier id in: ${sent.stdout.slice(0, 400)}`);
    await scene.answer(ada, 'prefixed');
  });

  await stages.run('message send with a picture', async () => {
    const pictures = createServer((_request, response) => {
      response.setHeader('content-type', 'image/png');
      response.end(picture);
    });
    await new Promise<void>((resolve) => pictures.listen(0, '127.0.0.1', resolve));
    try {
      const address = pictures.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      await machine.openclaw([
        'message',
        'send',
        '--channel',
        'telephony',
        '--target',
        ada,
        '--message',
        'a picture',
        '--media',
        `http://127.0.0.1:${port}/dot.png`,
      ]);
      const message = await scene.answer(ada, 'a picture');
      await carrier.sim.settled();
      check(message.mediaUrls.length === 1, 'no picture came with it');
      const [download] = message.mediaDownloads;
      check(
        download?.status === 200,
        `the carrier could not fetch it: ${JSON.stringify(download)}`,
      );
    } finally {
      await new Promise((resolve) => pictures.close(resolve));
    }
  });

  await stages.run(
    'message send with a file of this machine, which the carrier fetches',
    async () => {
      const folder = join(machine.folder, 'workspace');
      await mkdir(folder, { recursive: true });
      const file = join(folder, 'dot.png');
      await writeFile(file, picture);
      await machine.openclaw([
        'message',
        'send',
        '--channel',
        'telephony',
        '--target',
        ada,
        '--message',
        'a file',
        '--media',
        file,
      ]);
      const message = await scene.answer(ada, 'a file');
      await carrier.sim.settled();
      const [download] = message.mediaDownloads;
      check(
        download?.status === 200,
        `the carrier could not fetch it: ${JSON.stringify(download)}`,
      );
      check(message.mediaUrls[0]?.startsWith(publicOrigin) === true, String(message.mediaUrls[0]));
    },
  );

  await stages.run(
    'RPC: send, status of the message, overview, and what is wrong said',
    async () => {
      const sent = await machine.call('telephony.send', { to: stranger, message: 'by rpc' });
      const { id } = await scene.answer(stranger, 'by rpc');
      check(sent.stdout.includes(id), `no carrier id in: ${sent.stdout.slice(0, 400)}`);
      await carrier.sim.settled();
      const [status, overview, wrong] = await Promise.all([
        machine.call('telephony.status', { messageId: id }),
        machine.call('telephony.status'),
        machine.call('telephony.send', {}, { mayFail: true }),
      ]);
      check(/"status": ?"delivered"/u.test(status.stdout), status.stdout.slice(0, 400));
      check(overview.stdout.includes(carrier.name), overview.stdout.slice(0, 400));
      check(wrong.code !== 0 && wrong.all.includes('to is missing'), wrong.all.slice(-400));
    },
  );

  await stages.run('openclaw telephony send, status', async () => {
    const sent = await machine.openclaw(['telephony', 'send', stranger, 'by the command line']);
    const { id } = await scene.answer(stranger, 'by the command line');
    check(sent.stdout.includes(id), sent.stdout.slice(0, 400));
    const [status, called] = await Promise.all([
      machine.openclaw(['telephony', 'status', id]),
      machine.openclaw(['telephony', 'call', stranger], { mayFail: true }),
    ]);
    check(status.stdout.includes('status'), status.stdout.slice(0, 400));
    check(called.code !== 0, 'a call was placed without voice');
  });

  await stages.run('the tool, through /tools/invoke and by the model', async () => {
    const invoked = await machine.invokeTool({
      action: 'send_sms',
      to: bob,
      message: 'by the tool',
    });
    const { id } = await scene.answer(bob, 'by the tool');
    check(invoked.includes(id), `no carrier id in: ${invoked.slice(0, 300)}`);
    const status = await machine.invokeTool({ action: 'get_status', messageId: id });
    check(status.includes('status'), status.slice(0, 300));
    await scene.text(ada, `TOOL {"action":"send_sms","to":"${bob}","message":"by the model"}`);
    await scene.answer(bob, 'by the model', 60_000);
    await scene.answer(ada, 'Tool: ', 60_000);
    check(scene.model.calls.at(-1)?.tools.includes('telephony') === true, 'no such tool');
  });
}
