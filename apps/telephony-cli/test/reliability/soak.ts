// The long form of the reliability tests.
// node --conditions=@openclaw/source test/reliability/soak.ts [kills|failover|storm|disk] [count] [seed]
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { carrierNames } from '../../src/carrier-names.ts';
import { killWhileHandingOver } from './failover-kills.testing.ts';
import { fillDisk } from './full-disk.testing.ts';
import { killAgainAndAgain } from './kills.testing.ts';
import { weatherStorm } from './storm.testing.ts';

/** Runs in a folder of its own; tells what happened, and whether it was what was promised. */
type Ordeal = (folder: string, count: number, seed: number) => Promise<boolean>;

const isEmpty = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.length === 0
    : typeof value === 'object' && value !== null && Object.values(value).every((n) => n === 0);

const kills: Ordeal = async (folder, count, seed) => {
  let held = true;
  for (const [index, carrier] of carrierNames.entries()) {
    const killCount = Math.floor((count + index) / carrierNames.length);
    if (killCount === 0) continue;
    const home = await mkdtemp(join(folder, `${carrier}-`));
    const plan = { carrier, killCount, seed: seed + index, folder: home };
    const { figures, ...broken } = await killAgainAndAgain(plan);
    console.log(carrier, `${killCount} kills, seed ${plan.seed}`, figures);
    const isKept = Object.values(broken).every(isEmpty);
    if (!isKept) console.log(carrier, 'BROKEN', broken);
    held &&= isKept && figures.messages + figures.unknown === figures.sends;
  }
  return held;
};

const failover: Ordeal = async (folder, count, seed) => {
  const account = await killWhileHandingOver({ folder, killCount: count, seed });
  console.log(account);
  return account.wentOver > 0 && isEmpty(account.sentTwice) && isEmpty(account.lost);
};

const storm: Ordeal = async (folder, count, seed) => {
  const account = await weatherStorm({ folder, webhookCount: count, seed });
  const { posted, heapBytes, handled, handledTwice, notHandled, delivered, left } = account;
  const growth = heapBytes.late / heapBytes.early;
  console.log(account, `heap ${growth.toFixed(2)} x, at most 1.2`);
  return (
    handled === posted.texts &&
    delivered === posted.receipts / 3 &&
    account.genuineAnswers['200'] === 2 * posted.duplicates &&
    account.forgedAnswers['200'] === undefined &&
    [handledTwice, notHandled, left].every(isEmpty) &&
    growth <= 1.2
  );
};

const disk: Ordeal = async (folder, count) => {
  const account = await fillDisk(folder, count);
  if (account === 'not possible') {
    console.log('a file system of its own needs root: left out');
    return true;
  }
  console.log(account);
  const { acknowledged, handled, refused, lost } = account;
  return refused > 0 && acknowledged > 0 && lost.length === 0 && handled === count;
};

const ordeals: { readonly [name: string]: { readonly run: Ordeal; readonly count: number } } = {
  kills: { run: kills, count: 200 },
  failover: { run: failover, count: 60 },
  storm: { run: storm, count: 50_000 },
  disk: { run: disk, count: 400 },
};

const [wanted, count, seed = '1'] = process.argv.slice(2);
const chosen = Object.entries(ordeals).filter(([name]) => wanted === undefined || name === wanted);
if (chosen.length === 0) throw new Error(`there is no ${wanted}: kills, failover, storm or disk`);
for (const [name, ordeal] of chosen) {
  const folder = await mkdtemp(join(tmpdir(), `telephony-soak-${name}-`));
  const started = performance.now();
  const held = await ordeal.run(folder, Number(count ?? ordeal.count), Number(seed));
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(`${held ? 'pass' : 'MISS'}  ${name}, ${seconds} s`);
  if (held) await rm(folder, { recursive: true });
  else console.log(`what is left to look at: ${folder}`);
  if (!held) process.exitCode = 1;
}
