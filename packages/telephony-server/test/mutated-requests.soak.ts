// The long form of src/ingress/mutated-requests.test.ts: `npm run soak -- [count] [seed]`; the count is that of all schemes together.
import { bombard } from './mutated-requests.ts';
import { schemes } from './schemes.ts';

const [count = 100_000, seed = Date.now() % 2 ** 31] = process.argv.slice(2).map(Number);
console.log(`${count} mutated requests, seed ${seed}`);
for (const scheme of schemes) {
  const each = Math.ceil(count / schemes.length);
  const { answers, wrong, admitted } = await bombard({ scheme, count: each, seed });
  const told = [...answers]
    .toSorted(([a], [b]) => a - b)
    .map(([status, times]) => `${times} x ${status === 0 ? 'closed' : status}`);
  console.log(`${scheme.name}: ${told.join(', ')}; genuine texts that came through: ${admitted}`);
  for (const line of wrong) console.error(line);
  if (wrong.length > 0) process.exitCode = 1;
}
