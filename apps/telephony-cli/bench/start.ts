import { execFileSync } from 'node:child_process';
import { startServe } from './contestant.ts';
import { type Gate, median } from './gate.ts';
import { createServeFolder } from './serve-folder.ts';

const roundCount = 11;
const restMs = 1000;

/** How long a user waits for the server, and what it takes while nothing happens. */
export async function measureStart(): Promise<readonly Gate[]> {
  using folder = createServeFolder();
  const times: number[] = [];
  const sizes: number[] = [];
  // The first start fills the compile cache, as it does for a user.
  for (let round = -1; round < roundCount; round += 1) {
    const started = performance.now();
    const { child } = await startServe(folder.args);
    if (round >= 0) times.push(performance.now() - started);
    if (round >= roundCount - 3) {
      await new Promise((resolve) => setTimeout(resolve, restMs));
      sizes.push(residentBytes(child.pid));
    }
    await child.stop();
  }
  const startMs = median(times);
  const megabytes = median(sizes) / 1e6;
  return [
    {
      text: `start to listening: ${startMs.toFixed(0)} ms, under 150`,
      held: startMs < 150,
    },
    { text: `memory at rest: ${megabytes.toFixed(0)} MB, under 90`, held: megabytes < 90 },
  ];
}

/** Asked of the system, so that nothing has to be loaded into the process that is measured. */
const residentBytes = (pid: number): number =>
  Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1024;
