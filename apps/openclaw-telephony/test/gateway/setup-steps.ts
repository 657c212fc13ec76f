import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { botNumber, leadsTo, publicOrigin, tunnelOrigin, webhookPath } from './carrier.ts';
import type { Reload } from './operations-steps.ts';
import { ada, type Scene } from './scene.ts';
import { check, until } from './stages.ts';

/** The number at the carrier: where its texts go, who says so, and who changes it. */
export async function setupSteps(scene: Scene, reload: Reload): Promise<void> {
  const { machine, stages, carrier } = scene;
  const { sim } = carrier;
  const elsewhere = 'https://elsewhere.example.com/sms';
  const target = (): string | undefined => leadsTo(carrier);
  const setup = (...flags: string[]) => machine.openclaw(['telephony', 'setup', ...flags]);

  await stages.run('telephony doctor says that texts go elsewhere; setup shows it', async () => {
    sim.setNumber(botNumber, { messageUrl: elsewhere });
    const [doctor, shown] = await Promise.all([machine.openclaw(['telephony', 'doctor']), setup()]);
    const said = `texts go to ${elsewhere}, not to ${publicOrigin}${webhookPath}`;
    check(doctor.stdout.includes(said), doctor.stdout.slice(-600));
    check(/"changed": false/u.test(shown.stdout), shown.stdout.slice(-400));
    check(shown.stdout.includes(`"now": "${elsewhere}"`), shown.stdout.slice(-400));
    check(target() === elsewhere, 'it was changed without being told to');
  });

  await stages.run(
    'telephony setup points the number here, undoes it, and does it again',
    async () => {
      sim.setNumber(botNumber, { messageUrl: elsewhere });
      await setup('--yes');
      check(target() === `${publicOrigin}${webhookPath}`, `after --yes: ${String(target())}`);
      await setup('--undo');
      check(target() === elsewhere, `after --undo: ${String(target())}`);
      const nothing = await machine.call('telephony.setup', { action: 'undo' }, { mayFail: true });
      check(nothing.all.includes('there is nothing to undo'), nothing.all.slice(-400));
      await machine.call('telephony.setup', { action: 'apply' });
      const doctor = await machine.call('telephony.doctor');
      check(doctor.stdout.includes('texts come to us'), doctor.stdout.slice(-400));
    },
  );

  await stages.run(
    'a tunnel is opened, the number pointed at it, and a text comes through',
    async () => {
      await writeFakeCloudflared(join(machine.programs, 'cloudflared'));
      await reload({ publicUrl: undefined, tunnel: { provider: 'cloudflared' } });
      await until('the tunnel', () =>
        machine.gateway.log().includes(`the tunnel leads here from ${tunnelOrigin}${webhookPath}`),
      );
      await machine.call('telephony.setup', { action: 'apply' });
      check(target() === `${tunnelOrigin}${webhookPath}`, `texts go to ${String(target())}`);
      await scene.text(ada, 'please SAY:tunnel');
      await scene.answer(ada, 'Answer: tunnel', 60_000);
      sim.setNumber(botNumber, { messageUrl: `${publicOrigin}${webhookPath}` });
      await reload({ publicUrl: publicOrigin, tunnel: { provider: 'none' } });
    },
  );
}

/** Says what cloudflared says when a quick tunnel is open, and stays until it is ended. */
async function writeFakeCloudflared(file: string): Promise<void> {
  const lines = [
    `2026-11-20T12:00:00Z INF |  ${tunnelOrigin}  |`,
    '2026-11-20T12:00:01Z INF Registered tunnel connection connIndex=0',
  ];
  await writeFile(
    file,
    `#!/usr/bin/env node
for (const line of ${JSON.stringify(lines)}) console.error(line);
process.on('SIGTERM', () => process.exit(0));
setInterval(() => undefined, 60_000);
`,
  );
  await chmod(file, 0o755);
}
