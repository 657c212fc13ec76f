import { buffer } from 'node:stream/consumers';

/** Everything that comes in on standard input. */
export const readStdin = (): Promise<Buffer> => buffer(process.stdin);
