#!/usr/bin/env node
// As a whole: a name that an older Node.js does not have would end it with words about syntax.
import nodeModule from 'node:module';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major > 22 || (major === 22 && minor >= 13)) {
  // Halves the time to start, from the second time on.
  nodeModule.enableCompileCache();
  // Whoever reads no further, as `head` does, has seen enough: that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  const { main } = await import('./main.ts');
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.stderr.write(
    `telephony: it needs Node.js 22.13 or newer, and this is ${process.versions.node}\n`,
  );
  process.exitCode = 2;
}
