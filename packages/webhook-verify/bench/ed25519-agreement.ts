import { compareEd25519 } from '../test/mutations.ts';

const count = 10_000;
const { acceptedCount, disagreements } = compareEd25519(count);
console.log(
  `node:crypto and tweetnacl on ${String(count)} mutations: ${String(acceptedCount)} accepted, ${String(disagreements.length)} disagreements`,
);
process.exitCode = disagreements.length === 0 && acceptedCount > 0 ? 0 : 1;
