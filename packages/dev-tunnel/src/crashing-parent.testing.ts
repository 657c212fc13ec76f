import { openTunnel } from './open-tunnel.ts';

/** Opens a tunnel in a process of its own, which the test then ends in some rude way. */
const [PATH = '', how] = process.argv.slice(2);
await openTunnel({ provider: 'cloudflared', port: 3335, environment: { PATH } });
if (how === 'throw') throw new Error('the parent has a bug');
if (how === 'exit') process.exit(0);
console.log('open');
