// The floor: node:http that reads the body and answers. It checks nothing and stores nothing.
import { createServer } from 'node:http';
import { emptyReply } from './account.data.ts';
import { announce } from './ready.ts';

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    response.writeHead(body.length > 0 ? 200 : 400, {
      'content-type': 'text/xml',
      'content-length': Buffer.byteLength(emptyReply),
    });
    response.end(emptyReply);
  });
});
await announce(server);
