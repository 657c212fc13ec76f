// How many jobs a second can be added durably, 64 at a time, against node:sqlite with one synced commit each.
// node bench/queue.bench.ts [folder on the disk to measure]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createSqliteStore } from '@openclaw/telephony-store/sqlite';

const roundCount = 11;
const jobsPerRound = 4000;
const inFlight = 64;
const wantedRatio = 5;
const payload = JSON.stringify({ from: '+15550100123', to: '+15550100124', text: 'x'.repeat(160) });

interface Measured {
  readonly perSecond: number;
  readonly cpuMicroseconds: number;
}

async function measure(work: () => Promise<void>): Promise<Measured> {
  const startMs = performance.now();
  const cpu = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - startMs) / 1000;
  return { perSecond: jobsPerRound / seconds, cpuMicroseconds: (user + system) / jobsPerRound };
}

const folder = mkdtempSync(join(process.argv[2] ?? tmpdir(), 'queue-bench-'));
const store = createSqliteStore({ path: join(folder, 'store.db') });
const queue = store.queue('bench', { parse: String });
const plain = new DatabaseSync(join(folder, 'plain.db'));
plain.exec(`
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE seen (id TEXT PRIMARY KEY, payload TEXT NOT NULL) WITHOUT ROWID;
`);
const insert = plain.prepare('INSERT INTO seen VALUES (?, ?) ON CONFLICT DO NOTHING');

const addGrouped = (round: number): Promise<Measured> =>
  measure(async () => {
    let next = 0;
    const addOneAfterTheOther = async (): Promise<void> => {
      while (next < jobsPerRound) {
        const id = `${round}/${(next += 1)}`;
        await queue.add({ id, lane: `lane ${next % 500}`, payload });
      }
    };
    await Promise.all(Array.from({ length: inFlight }, addOneAfterTheOther));
  });
const addSingly = (round: number): Promise<Measured> =>
  measure(async () => {
    for (let next = 1; next <= jobsPerRound; next += 1) insert.run(`${round}/${next}`, payload);
  });

const rounds: { readonly grouped: Measured; readonly single: Measured }[] = [];
for (let round = 0; round < roundCount; round += 1) {
  const single = await addSingly(round);
  rounds.push({ grouped: await addGrouped(round), single });
}
await store.close();
plain.close();
rmSync(folder, { recursive: true });

const median = (values: number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
const ratios = rounds.map(({ grouped, single }) => grouped.perSecond / single.perSecond);
const row = (name: string, pick: (round: (typeof rounds)[number]) => Measured): void => {
  const perSecond = Math.round(median(rounds.map((round) => pick(round).perSecond)));
  const cpu = median(rounds.map((round) => pick(round).cpuMicroseconds)).toFixed(1);
  console.log(
    `${name.padEnd(44)} ${String(perSecond).padStart(8)} /s ${cpu.padStart(7)} µs of CPU each`,
  );
};
row('node:sqlite FULL, one commit each', ({ single }) => single);
row(`telephony-store add, ${inFlight} in flight`, ({ grouped }) => grouped);
const ratio = median(ratios);
console.log(
  `ratio, median of ${roundCount} paired rounds: ${ratio.toFixed(1)} (wanted: ${wantedRatio})`,
);
process.exitCode = ratio >= wantedRatio ? 0 : 1;
