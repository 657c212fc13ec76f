import { once } from 'node:events';
import { createServer } from 'node:http';
import type { NodeHandler } from '@openclaw/telephony-server';
import { describe, expect, it } from 'vitest';
import { type Place, route } from './listener.ts';

const says =
  (word: string): NodeHandler =>
  (_request, response) =>
    void response.end(word);
const place = (end: string): Place => ({
  serve: {
    mode: 'own',
    port: 0,
    bind: '127.0.0.1',
    path: `/telephony/webhook${end}`,
    statusPath: `/telephony/status${end}`,
  },
  mediaPath: `/telephony/media${end}`,
  handler: says(`account${end}`),
});

describe('one port for several accounts', () => {
  it.each([
    ['/telephony/webhook', 'account'],
    ['/telephony/webhook/', 'account'],
    ['/telephony/webhook?x=1', 'account'],
    ['/telephony/webhook/sales', 'account/sales'],
    ['/telephony/status/sales/ref.0', 'account/sales'],
    ['/telephony/status/ref.0', 'account'],
    ['/telephony/media/sales/secret/a.png', 'account/sales'],
    ['/telephony/webhook-evil', 'otherwise'],
    ['/health', 'otherwise'],
  ])('gives %s to %s', async (path, expected) => {
    const server = createServer(route([place(''), place('/sales')], says('otherwise')));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    try {
      const response = await fetch(`http://127.0.0.1:${port}${path}`);
      expect(await response.text()).toBe(expected);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
});
