import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startCarrier } from './carrier.ts';
import { addWithFlags } from './install-steps.ts';
import { hostConfiguration, packPlugin } from './packed-plugin.ts';
import { percentile } from './percentile.ts';
import { closeSim, type RunOptions, withMachine } from './run-carrier.ts';
import { ada, createScene } from './scene.ts';

/** The figures of the README: what the plugin adds to a start, how soon it answers the carrier, how long a turn takes. */
export function runFigures(options: RunOptions): Promise<boolean> {
  return withMachine('figures', options, async ({ machine, model, stages }) => {
    const carrier = await startCarrier('twilio', machine);
    const scene = createScene({ machine, carrier, model, stages });
    const { gateway } = machine;
    const starts = async (webhooks: boolean): Promise<number[]> => {
      const times: number[] = [];
      for (let start = 0; start < 3; start += 1) {
        if (start > 0) await gateway.stop();
        times.push((await gateway.start({ webhooks })).readyMs);
      }
      return times;
    };
    try {
      let without = 0;
      await stages.run(
        'three starts without the plugin',
        async () => {
          await machine.configure(hostConfiguration(machine, model.url));
          const times = await starts(false);
          await gateway.stop();
          without = percentile(times, 50);
          return { times, median: without };
        },
        { vital: true },
      );
      await stages.run(
        'three starts with it',
        async () => {
          const tarball = packPlugin(machine);
          await machine.openclaw([
            'plugins',
            'install',
            tarball,
            '--force',
            '--accept-capabilities',
          ]);
          await addWithFlags(machine, carrier, { inboundPolicy: 'allowlist', allowFrom: [ada] });
          const times = await starts(true);
          const median = percentile(times, 50);
          return { times, median, added: median - without };
        },
        { vital: true },
      );
      await stages.run('the entry is imported, nine times', () => {
        const entry = join(machine.folder, 'state/extensions/telephony/dist/index.js');
        const times = Array.from({ length: 9 }, () => importMs(entry));
        return Promise.resolve({ median: percentile(times, 50), slowest: percentile(times, 100) });
      });
      await stages.run('200 webhooks, one after the other', async () => {
        // From people who are not let in: what is measured is the way to the disk and back, with nothing behind it.
        for (let person = 0; person < 200; person += 1) {
          await scene.text(`+1555010${String(1000 + person)}`, 'Hello, is this the right number?');
        }
        const { ackTimes } = scene;
        return { p50: percentile(ackTimes, 50), p99: percentile(ackTimes, 99) };
      });
      await stages.run('20 turns after the first, one after the other', async () => {
        const times: number[] = [];
        for (let turn = 0; turn <= 20; turn += 1) {
          const start = performance.now();
          await scene.text(ada, `please SAY:turn${turn}`);
          await scene.answer(ada, `Answer: turn${turn}`, 60_000);
          times.push(performance.now() - start);
        }
        const [first = 0, ...warm] = times;
        return {
          first: Math.round(first),
          p50: percentile(warm, 50),
          slowest: percentile(warm, 100),
        };
      });
    } finally {
      await closeSim(carrier);
    }
  });
}

/** How long a new process takes to import a file, without the start of the process itself. */
function importMs(file: string): number {
  const url = JSON.stringify(pathToFileURL(file).href);
  const program = `const start = performance.now();
await import(${url});
console.log(performance.now() - start);
process.exit(0);`;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', program],
    { encoding: 'utf8' },
  );
  const ms = Number(stdout.trim().split('\n').at(-1));
  if (!(ms > 0)) throw new Error(stderr.slice(0, 500));
  return ms;
}
