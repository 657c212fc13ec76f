import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { recordRequests } from './record-requests.ts';

const request = {
  method: 'POST',
  url: new URL('https://api.carrier.example/messages?x=1'),
  headers: new Headers({ 'content-type': 'application/json', authorization: 'secret' }),
  body: '{"to":"+15550100123"}',
};

it('writes a line for each request, without its credentials', () => {
  const folder = mkdtempSync(join(tmpdir(), 'record-requests-'));
  const file = join(folder, 'requests.ndjson');
  const record = recordRequests(file, 'mycarrier');
  record(request);
  record({ ...request, method: 'GET', body: '' });
  recordRequests(file, 'mycarrier', ({ pathname }) => pathname !== '/messages')(request);
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    {
      carrier: 'mycarrier',
      method: 'POST',
      path: '/messages?x=1',
      contentType: 'application/json',
      body: request.body,
    },
    {
      carrier: 'mycarrier',
      method: 'GET',
      path: '/messages?x=1',
      contentType: 'application/json',
      body: '',
    },
  ]);
  rmSync(folder, { recursive: true });
});

it('writes nothing when there is no file to write to', () => {
  expect(() => recordRequests(undefined, 'mycarrier')(request)).not.toThrow();
});
