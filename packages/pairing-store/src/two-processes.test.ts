import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSqliteStore } from '@openclaw/telephony-store/sqlite';
import { afterAll, expect, it } from 'vitest';
import { createPairingStore, type PairingStore } from './pairing-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'pairing-store-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// Two store objects on one file share nothing but the file, like two processes.
const stores = [1, 2].map(() => createSqliteStore({ path: join(folder, 'store.db') }));
afterAll(() => Promise.all(stores.map((store) => store.close())));
const both: readonly PairingStore[] = stores.map(({ keyValue }) =>
  createPairingStore({ keyValue }),
);

it('keeps its promises when two processes answer at once', async () => {
  const senders = Array.from({ length: 6 }, (_, index) => `+1555010000${index}`);
  const asked = await Promise.all(
    senders.flatMap((sender) => both.map((pairing) => pairing.request(sender))),
  );
  expect(asked.filter(({ status }) => status === 'created')).toHaveLength(3);

  const [first] = await Promise.all(both.map((pairing) => pairing.pending()));
  expect(first).toHaveLength(3);
  const approvals = await Promise.all(
    (first ?? []).flatMap(({ code }) => both.map((pairing) => pairing.approve(code))),
  );
  expect(approvals.filter(({ status }) => status === 'approved')).toHaveLength(3);
  expect(approvals.filter(({ status }) => status === 'already-approved')).toHaveLength(3);
});
