import { once } from 'node:events';
import type { Server } from 'node:http';

/** Listens on any free port of this machine, and tells the parent where. */
export async function announce(server: Server): Promise<void> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no TCP port');
  console.log(JSON.stringify({ listening: `http://127.0.0.1:${address.port}` }));
}
