import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from './environment.ts';

/** Where a server keeps its database unless it is told otherwise: `$XDG_STATE_HOME/telephony`, or what stands for it. */
export function dataFolder(environment: Environment = process.env): string {
  const state = environment['XDG_STATE_HOME'];
  return state === undefined || state === ''
    ? join(homedir(), '.local', 'state', 'telephony')
    : join(state, 'telephony');
}
