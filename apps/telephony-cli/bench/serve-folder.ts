import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accountSid, authToken, ourNumber, publicOrigin } from './contestants/account.data.ts';

/** A folder for one `telephony serve`, and the arguments that make it work there. */
export interface ServeFolder extends Disposable {
  readonly args: readonly string[];
}

const plenty = 10_000_000;

/** Makes one. Everybody may text, and nothing is held back. */
export function createServeFolder(): ServeFolder {
  const folder = mkdtempSync(join(tmpdir(), 'serve-bench-'));
  const config = join(folder, 'telephony.json5');
  const settings = {
    provider: 'twilio',
    fromNumber: ourNumber,
    publicUrl: publicOrigin,
    inboundPolicy: 'open',
    allowFrom: ['*'],
    twilio: { accountSid, authToken },
    serve: { port: 0 },
    limits: {
      textsPerSenderPerMinute: plenty,
      textsPerNumberPerMinute: plenty,
      maxWaitingPerSender: plenty,
      maxWaiting: plenty,
    },
  };
  writeFileSync(config, JSON.stringify(settings));
  const agent = new URL('contestants/silent-agent.ts', import.meta.url).href;
  return {
    args: ['-c', config, '-d', folder, '--handler', agent],
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}
