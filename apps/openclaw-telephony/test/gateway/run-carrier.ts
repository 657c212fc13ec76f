import { rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Carrier, type CarrierName, startCarrier } from './carrier.ts';
import { conversationSteps } from './conversation-steps.ts';

import { installSteps, secretVariables } from './install-steps.ts';
import { createMachine, type Machine } from './machine.ts';
import { messageToolSteps } from './message-tool-steps.ts';
import { type MockModel, startMockModel } from './mock-model.ts';
import { operationsSteps } from './operations-steps.ts';
import { outboundSteps } from './outbound-steps.ts';
import { pairingSteps } from './pairing-steps.ts';
import { percentile } from './percentile.ts';
import { createScene } from './scene.ts';
import { Abandoned, createStages, type Stages } from './stages.ts';

/** What a run takes. */
export interface RunOptions {
  /** Ends after the first turns. */
  readonly isShort: boolean;
  /** Keeps the folder with the logs, which a failed run keeps in any case. */
  readonly keeps: boolean;
  /** Only the stages that fit, and those without which nothing works. */
  readonly only: RegExp | undefined;
}

/** Everything with one carrier. True when every stage passed. */
export function runCarrier(name: CarrierName, options: RunOptions): Promise<boolean> {
  return withMachine(name, options, async ({ machine, model, stages }) => {
    const carrier = await startCarrier(name, machine);
    const scene = createScene({ machine, carrier, model, stages });
    try {
      await installSteps(scene);
      await pairingSteps(scene);
      if (options.isShort) return;
      await conversationSteps(scene);
      await outboundSteps(scene);
      await messageToolSteps(scene);
      await operationsSteps(scene);
    } finally {
      await closeSim(carrier);
      const { ackTimes } = scene;
      const [p50, p99] = [percentile(ackTimes, 50), percentile(ackTimes, 99)];
      console.log(`${ackTimes.length} webhooks acknowledged: p50 ${p50} ms, p99 ${p99} ms`);
    }
  });
}

/** What is on the machine of a run. */
export interface RunParts {
  readonly machine: Machine;
  readonly model: MockModel;
  readonly stages: Stages;
}

/** Gives a run a machine and a model, tells how it went, and clears everything away. */
export async function withMachine(
  name: string,
  { keeps, only }: RunOptions,
  run: (parts: RunParts) => Promise<void>,
): Promise<boolean> {
  const start = performance.now();
  const model = await startMockModel();
  const machine = await createMachine(secretVariables('simulated-auth-token'));
  const stages = createStages(only);
  console.log(`\n${name}, in ${machine.folder}`);
  try {
    await run({ machine, model, stages });
  } catch (error) {
    if (!(error instanceof Abandoned)) throw error;
  } finally {
    await machine.close();
    await model.close();
  }
  const { results } = stages;
  const failed = results.filter(({ ok }) => !ok);
  const seconds = Math.round((performance.now() - start) / 1000);
  console.log(
    `${results.length - failed.length} of ${results.length} stages passed on ${name} in ${seconds} s`,
  );
  await writeFile(join(machine.folder, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
  if (failed.length > 0 || keeps) console.log(`see ${machine.folder}`);
  else rmSync(machine.folder, { recursive: true, force: true });
  return failed.length === 0;
}

export const closeSim = ({ sim }: Carrier): Promise<void> => sim.close();
