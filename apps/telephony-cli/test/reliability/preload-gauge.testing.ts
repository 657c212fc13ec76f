// Loaded into a server's process before the program (--import): tells the parent what the process has used. The program
// itself knows nothing of it.
import { answerParent } from './parent-line.testing.ts';

answerParent('cpu', () => {
  const { user, system } = process.cpuUsage();
  return user + system;
});

/** What is in use once everything is collected that can be; needs --expose-gc. */
answerParent('heap', () => {
  if (globalThis.gc === undefined) throw new Error('start it with --expose-gc');
  // Twice, because what the first round frees may hold on to more.
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
});

answerParent('rss', () => process.memoryUsage.rss());
