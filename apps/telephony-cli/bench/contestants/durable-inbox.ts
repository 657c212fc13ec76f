// Ours up to the acknowledgement: verified, deduplicated and synced to the disk. Texts are not worked off meanwhile, as the
// others do nothing with theirs; between two rounds they are, so that no round meets what those before have left.
// node durable-inbox.ts <database file>
import { parseConfig, createConfiguredServer } from '@openclaw/telephony-config';
import { createSqliteStore } from '@openclaw/telephony-store/sqlite';
import { createServer } from 'node:http';
import { answerParent } from '../../test/reliability/parent-line.testing.ts';
import { accountSid, authToken, ourNumber, publicOrigin } from './account.data.ts';
import { announce } from './ready.ts';

const config = parseConfig({
  provider: 'twilio',
  fromNumber: ourNumber,
  publicUrl: publicOrigin,
  inboundPolicy: 'open',
  allowFrom: ['*'],
  twilio: { accountSid, authToken },
});
const store = createSqliteStore({ path: process.argv[2] ?? '' });
const { server } = createConfiguredServer(config, { store, onMessage: () => undefined });

answerParent('drain', async () => {
  const texts = store.queue('texts:default', { parse: () => undefined });
  const runner = texts.run(async () => {}, { concurrency: 50 });
  await runner.idle();
  await runner.close();
  return (await texts.inspect()).waiting;
});
await announce(createServer(server.handler));
