import { parseArgs } from 'node:util';
import { carrierNames } from './carrier.ts';
import { runFigures } from './figures.ts';
import { runGuide } from './guide.ts';
import { runCarrier, type RunOptions } from './run-carrier.ts';

// Runs the packed plugin in a real gateway, with a simulated carrier and a model that answers by rule. Nothing leaves
// this machine. Without arguments: all carriers one after the other, then the guide to the simulated one, then the
// figures. `--carrier` chooses one of them, `--short` ends after the first turn, `--only` runs what fits, `--keep` keeps
// the folder.

const { values } = parseArgs({
  options: {
    carrier: { type: 'string' },
    short: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});
const options: RunOptions = {
  isShort: values.short,
  keeps: values.keep,
  only: values.only === undefined ? undefined : new RegExp(values.only, 'u'),
};
const runs: { readonly [name: string]: () => Promise<boolean> } = {
  ...Object.fromEntries(carrierNames.map((name) => [name, () => runCarrier(name, options)])),
  mock: () => runGuide(options),
  figures: () => runFigures(options),
};
const names = Object.keys(runs);
const { carrier } = values;
if (carrier !== undefined && !names.includes(carrier)) {
  throw new Error(`--carrier must be one of ${names.join(', ')}`);
}

// Ended from outside, it takes its children along.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const failed: string[] = [];
for (const name of carrier === undefined ? names : [carrier]) {
  if ((await runs[name]?.()) !== true) failed.push(name);
}
if (failed.length > 0) console.log(`failed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
