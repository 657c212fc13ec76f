import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A folder of its own for the files of one test file, removed at the end. */
export function createTestFolder(): { readonly path: string; newFile(): string } {
  const path = mkdtempSync(join(tmpdir(), 'telephony-store-'));
  let fileCount = 0;
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  return {
    path,
    newFile() {
      fileCount += 1;
      return join(path, `${fileCount}.db`);
    },
  };
}
