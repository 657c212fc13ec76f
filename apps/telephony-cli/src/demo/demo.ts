import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { CommandFailure } from '../exit-code.ts';
import { say, sayJson, styled, type Terminal } from '../terminal.ts';
import type { CarrierName } from '../carrier-names.ts';
import { untilStopped } from '../until-stopped.ts';
import { openStage } from './stage.ts';
import { converse, playSteps } from './steps.ts';
import { createTranscript } from './transcript.ts';

/** Options of `telephony demo`. */
export interface DemoOptions {
  readonly carrier: CarrierName;
  readonly interactive?: boolean;
  readonly data?: string;
}

/** Rejects when the person wants the demo to stop. */
async function stopped(stop: AbortSignal): Promise<never> {
  await untilStopped(stop);
  throw new CommandFailure('stopped before its end');
}

/** Plays the main job on a simulated carrier. Fails unless everything that it tells really happened. */
export async function demo(
  terminal: Terminal,
  options: DemoOptions,
  stop: AbortSignal,
): Promise<void> {
  const start = performance.now();
  const data = resolve(options.data ?? (await mkdtemp(join(tmpdir(), 'telephony-demo-'))));
  const transcript = createTranscript(terminal);
  const stage = await openStage(options.carrier, data, transcript);
  try {
    await stage.server.start();
    await Promise.race([playSteps(stage), stopped(stop)]);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    sayJson(terminal, { held: transcript.held, seconds: Number(seconds), data });
    const verdict = transcript.held
      ? styled(terminal, ['bold', 'green'], 'Everything happened as told')
      : styled(terminal, ['bold', 'red'], 'Not everything happened as it should');
    say(terminal, `\n${verdict}, in ${seconds} s. The data is in ${data}`);
    if (options.interactive === true) {
      const lines = createInterface({ input: terminal.stdin, prompt: '> ' });
      stop.addEventListener('abort', () => lines.close(), { once: true });
      await converse(stage, lines);
    }
  } finally {
    await stage.close();
  }
  if (!transcript.held) throw new CommandFailure('the demo did not hold; see the lines marked ✗');
}
