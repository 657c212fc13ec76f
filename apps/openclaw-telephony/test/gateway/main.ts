import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Carrier, carrierNames, startCarrier } from './carrier.ts';
import { conversationSteps } from './conversation-steps.ts';
import { installSteps, secretVariables, writeResults } from './install-steps.ts';
import { createMachine } from './machine.ts';
import { startMockModel } from './mock-model.ts';
import { operationsSteps } from './operations-steps.ts';
import { outboundSteps } from './outbound-steps.ts';
import { pairingSteps } from './pairing-steps.ts';
import { createScene } from './scene.ts';
import { Abandoned, createStages } from './stages.ts';

// Runs the packed plugin in a real gateway, with a simulated carrier and a model that answers by rule. Nothing leaves
// this machine. `--carrier` chooses one (default: twilio), `--short` ends after the first turn, `--keep` keeps the folder.

const { values } = parseArgs({
  options: {
    carrier: { type: 'string', default: 'twilio' },
    short: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});
const name = carrierNames.find((one) => one === values.carrier);
if (name === undefined) throw new Error(`--carrier must be one of ${carrierNames.join(', ')}`);

// Ended from outside, it takes its children along.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const start = performance.now();
const model = await startMockModel();
const machine = await createMachine(secretVariables('simulated-auth-token'));
const stages = createStages(values.only === undefined ? undefined : new RegExp(values.only, 'u'));
let carrier: Carrier | undefined;
try {
  carrier = await startCarrier(name, machine);
  const scene = createScene({ machine, carrier, model, stages });
  console.log(`${name}, in ${machine.folder}`);
  await installSteps(scene);
  await pairingSteps(scene);
  if (!values.short) {
    await conversationSteps(scene);
    await outboundSteps(scene);
    await operationsSteps(scene);
  }
} catch (error) {
  if (!(error instanceof Abandoned)) throw error;
} finally {
  await machine.close();
  await carrier?.sim.close();
  await model.close();
}
const failed = stages.results.filter(({ ok }) => !ok);
const seconds = Math.round((performance.now() - start) / 1000);
console.log(
  `${stages.results.length - failed.length} of ${stages.results.length} stages passed on ${name} in ${seconds} s`,
);
await writeResults(machine.folder, stages.results);
if (failed.length === 0 && !values.keep) rmSync(machine.folder, { recursive: true, force: true });
else console.log(`see ${machine.folder}`);
process.exitCode = failed.length === 0 ? 0 : 1;
