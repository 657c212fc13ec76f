import { describeStoreContract } from '../store-contract.testing.ts';
import { createSqliteStore } from './sqlite-store.ts';
import { createTestFolder } from './test-folder.testing.ts';

const folder = createTestFolder();

describeStoreContract('SQLite', async (options) =>
  createSqliteStore({ ...options, path: folder.newFile() }),
);
