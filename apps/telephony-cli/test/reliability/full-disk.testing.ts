import { spawnSync } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readJournal } from './journal.testing.ts';
import { openScene, ourNumber, workedOff } from './scene.testing.ts';

/** What became of texts that came while a disk filled up. */
export interface FullDiskAccount {
  readonly acknowledged: number;
  /** Asked to come again, for as long as the disk was full. */
  readonly refused: number;
  readonly handled: number;
  /** Acknowledged, and not handled. */
  readonly lost: readonly string[];
}

const megabyte = 1024 * 1024;
const diskBytes = 64 * megabyte;
/** Taken by something else until it is taken away. */
const ballastBytes = 62 * megabyte;

/** Fills a small file system of its own under a running server, and frees it again. Needs root. */
export async function fillDisk(
  folder: string,
  textCount: number,
): Promise<FullDiskAccount | 'not possible'> {
  const disk = join(folder, 'disk');
  await mkdir(disk);
  const mounted = spawnSync('/bin/mount', [
    '-t',
    'tmpfs',
    '-o',
    `size=${diskBytes}`,
    'tmpfs',
    disk,
  ]);
  if (mounted.status !== 0) return 'not possible';
  const scene = await openScene(folder, 'telnyx', {}, disk);
  try {
    const server = await scene.start();
    const ballast = join(disk, 'ballast');
    await writeFile(ballast, Buffer.alloc(ballastBytes));
    const acknowledged = new Set<string>();
    const refused = [];
    for (let count = 0; count < textCount; count += 1) {
      const name = `text-${count}`;
      const text = `${name} ${'x'.repeat(1000)}`;
      const from = `+1555010${String(1000 + (count % 50))}`;
      const delivery = await scene.sim.text({ from, to: ourNumber, text });
      if (delivery.acknowledged) acknowledged.add(name);
      else refused.push({ name, delivery });
    }
    await rm(ballast);
    for (const { name, delivery } of refused) {
      const { status } = await scene.sim.redeliver(delivery);
      if (status === 200) acknowledged.add(name);
    }
    const observer = await scene.observe();
    await workedOff(observer);
    await observer.close();
    await server.stop();
    const ended = new Set(
      readJournal(scene.journal).flatMap(({ what, name }) => (what === 'end' ? [name] : [])),
    );
    return {
      acknowledged: acknowledged.size,
      refused: refused.length,
      handled: ended.size,
      lost: [...acknowledged].filter((name) => !ended.has(name)),
    };
  } finally {
    await scene.close();
    spawnSync('/bin/umount', [disk]);
  }
}
