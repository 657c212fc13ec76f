import { readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createMediaFolder } from './media-folder.ts';
import { temporaryFolder } from './media-host.testing.ts';

const entry = { contentType: 'text/plain', fileName: 'a.txt', bytes: 2, keptUntil: 1 };

it('a folder of media is rid of what a process left half written, and of nothing that may be in work', async () => {
  const folder = await temporaryFolder();
  const shelf = createMediaFolder(folder);
  const [kept, fresh, stale] = ['a', 'b', 'c'].map((digit) => digit.repeat(64));
  await shelf.put(String(kept), entry, Uint8Array.of(104, 105));
  for (const name of [fresh, stale]) await writeFile(join(folder, `${name}.draft`), '{');
  const yesterday = new Date(Date.now() - 24 * 3_600_000);
  await utimes(join(folder, `${stale}.draft`), yesterday, yesterday);
  expect(await shelf.entries()).toEqual([[kept, entry]]);
  expect((await readdir(folder)).toSorted()).toEqual(
    [`${kept}.bin`, `${kept}.json`, `${fresh}.draft`].toSorted(),
  );
});
