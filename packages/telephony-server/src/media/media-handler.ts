import type { ServerResponse } from 'node:http';
import type { MediaShelf, ShelfEntry } from './media-shelf.ts';
import type { NodeHandler } from '../ingress/node-handler.ts';

/** What {@link createMediaHandler} takes. */
export interface MediaHandlerOptions {
  readonly path: string;
  readonly shelf: MediaShelf;
  /** Where the shelf keeps the file with this secret. Found by its digest: no comparison tells how much was guessed right. */
  readonly keyOf: (secret: string) => string;
  readonly now: () => Date;
}

/**
 * Answers `GET` and `HEAD` of `path/<secret>/<file name>`, as often as a carrier asks until the file expires. Whatever is
 * wrong with another request, the answer is the same 404.
 */
export function createMediaHandler(options: MediaHandlerOptions): NodeHandler {
  const { path, shelf, keyOf, now } = options;
  const served = async (target: string): Promise<ServedFile | undefined> => {
    const [, secret, fileName] = /^\/([\w-]{43})\/([\w.-]{1,64})$/u.exec(target) ?? [];
    if (secret === undefined) return undefined;
    const entry = await shelf.entry(keyOf(secret));
    if (entry?.fileName !== fileName || !((entry?.servedUntil ?? 0) > now().getTime())) {
      return undefined;
    }
    const bytes = await shelf.bytes(keyOf(secret));
    return entry === undefined || bytes?.length !== entry.bytes ? undefined : { entry, bytes };
  };

  return (request, response) => {
    const { method = '', url = '' } = request;
    if (method !== 'GET' && method !== 'HEAD') {
      return refuse(response, 405, { allow: 'GET, HEAD' });
    }
    // Some carriers append a query of their own.
    const [target = ''] = url.split('?');
    served(target.slice(path.length)).then(
      (file) => (file === undefined ? refuse(response, 404) : answer(response, file, method)),
      // The shelf cannot be read: a carrier that asks again may have it.
      () => refuse(response, 503, { 'retry-after': '5' }),
    );
  };
}

interface ServedFile {
  readonly entry: ShelfEntry;
  readonly bytes: Uint8Array;
}

function answer(response: ServerResponse, { entry, bytes }: ServedFile, method: string): void {
  response.writeHead(200, {
    ...careful,
    'content-type': entry.contentType,
    'content-length': bytes.length,
  });
  response.end(method === 'HEAD' ? undefined : bytes);
}

/** Nothing is remembered on the way, run, or taken for what it is not. */
const careful = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
};

function refuse(
  response: ServerResponse,
  status: number,
  headers: { readonly [name: string]: string } = {},
): void {
  response.writeHead(status, {
    ...careful,
    ...headers,
    connection: 'close',
    'content-length': 0,
  });
  response.end();
}

/** Calls the media host for what lies below its path, and the other handler for everything else. */
export function mountMedia(
  { path, handler }: { readonly path: string; readonly handler: NodeHandler },
  otherwise: NodeHandler,
): NodeHandler {
  return (request, response) =>
    request.url?.startsWith(`${path}/`) === true
      ? handler(request, response)
      : otherwise(request, response);
}
