import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { type IncomingHttpHeaders, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { KeyValueStore } from '@openclaw/telephony-store';
import { onTestFinished } from 'vitest';
import { listen } from '../ingress/listen.ts';
import { mountMedia } from './media-handler.ts';
import { createMediaHost, type MediaHost, type MediaHostOptions } from './media-host.ts';
import type { HostedFile } from './media-source.ts';

/** Where a host under test keeps its files. */
export type Place = { readonly folder: string } | { readonly store: KeyValueStore };

/** A picture, as far as anybody looks. */
export function picture(size = 40, fileName = 'cat.png'): HostedFile {
  const bytes = new Uint8Array(size).fill(7);
  bytes.set(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'));
  return { bytes, contentType: 'image/png', fileName };
}

/** An empty folder, removed at the end of the test. */
export async function temporaryFolder(): Promise<string> {
  // Where the system's own temporary folder is a link, files below it may not be sent.
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'telephony-media-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A media host with a clock of its own, closed at the end of the test. */
export function openHost(
  place: Place,
  settings: Partial<Omit<MediaHostOptions, 'folder' | 'store'>> = {},
): MediaHost {
  const host = createMediaHost({ publicUrl: 'https://bot.example.com', ...settings, ...place });
  onTestFinished(() => host.close());
  return host;
}

/** What came back over HTTP. */
export interface Fetched {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
}

/** Serves a host on a socket, and asks it for paths as they are written. */
export async function serveHost(
  host: MediaHost,
): Promise<(path: string, method?: string, body?: string) => Promise<Fetched>> {
  const listener = await listen(
    mountMedia(host, (_, response) => response.writeHead(418).end()),
    { port: 0, bind: '127.0.0.1' },
  );
  onTestFinished(() => listener.close());
  const { hostname, port } = new URL(listener.url);
  return (path, method = 'GET', body) =>
    new Promise((resolve, reject) => {
      const request = httpRequest({ hostname, port, path, method, agent: false }, (response) => {
        buffer(response).then(
          (bytes) =>
            resolve({ status: response.statusCode, headers: response.headers, body: bytes }),
          reject,
        );
      });
      request.on('error', reject);
      request.end(body);
    });
}
