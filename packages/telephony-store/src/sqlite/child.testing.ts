// A process of its own for the tests that kill one: node child.testing.ts <file> <what to do> …
import { createSqliteStore } from './sqlite-store.ts';

const [path = '', task, ...rest] = process.argv.slice(2);
const store = createSqliteStore({ path, pollMs: 1, standbyMs: 1 });
const queue = store.queue('q', { parse: String, maxAttempts: 3 });

if (task === 'hang') {
  queue.run(
    ({ id, attempt }) => {
      process.stdout.write(`${id} ${attempt}\n`);
      return new Promise(() => {});
    },
    { concurrency: 2 },
  );
} else if (task === 'work') {
  const runner = queue.run(
    async ({ id }) => {
      process.stdout.write(`${id}\n`);
      if (id === 'bad') throw new Error('tried again long after the end of this test');
    },
    { concurrency: 2 },
  );
  await runner.idle();
  await store.close();
} else if (task === 'add') {
  for (const id of rest) await queue.add({ id, lane: 'from outside', payload: '' });
  await store.close();
} else if (task === 'count') {
  for (let left = Number(rest[0]); left > 0;) {
    const entry = await store.keyValue.get('n');
    const next = String(Number(entry?.value ?? 0) + 1);
    if (await store.keyValue.set('n', next, { ifVersion: entry?.version ?? 'absent' })) left -= 1;
  }
  await store.close();
}
