import { createConnection } from 'node:net';
import { createInterface } from 'node:readline';

/**
 * Stands in for `cloudflared`: reports how it was started to the test on a loopback port, and does what the test says
 * over that connection. The connection breaks when it dies, whoever kills it.
 *
 * Usage: fake-cloudflared <port of the test> <what cloudflared is given>
 */
export interface FakeOrder {
  readonly print?: string;
  readonly exit?: number;
  readonly ignoreTerm?: boolean;
}

const [port, ...args] = process.argv.slice(2);
let ignoreTerm = false;
process.on('SIGTERM', () => {
  if (!ignoreTerm) process.exit(0);
});

const socket = createConnection(Number(port), '127.0.0.1', () => {
  socket.write(`${JSON.stringify({ pid: process.pid, args, environment: process.env })}\n`);
});
createInterface({ input: socket }).on('line', (line) => {
  const order: FakeOrder = JSON.parse(line);
  if (order.print !== undefined) process.stderr.write(`${order.print}\n`);
  if (order.ignoreTerm !== undefined) ignoreTerm = order.ignoreTerm;
  // Acknowledged, so that the test knows what has happened without waiting for time to pass.
  socket.write('{"done":true}\n');
  if (order.exit !== undefined) process.exit(order.exit);
});
