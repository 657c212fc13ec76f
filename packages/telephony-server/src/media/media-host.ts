import { createHash, randomBytes } from 'node:crypto';
import { TelephonyError, type TelephonyErrorCode } from '@openclaw/telephony-core';
import { type KeyValueStore, StoreError } from '@openclaw/telephony-store';
import { createMediaFolder } from './media-folder.ts';
import { createMediaHandler } from './media-handler.ts';
import { createMediaRecords } from './media-records.ts';
import type { MediaShelf, ShelfEntry } from './media-shelf.ts';
import type { HostedFile } from './media-source.ts';
import type { NodeHandler } from '../ingress/node-handler.ts';

/** What {@link createMediaHost} takes. */
export type MediaHostOptions = (
  | {
      /** Keeps the files in a folder of its own, which is made when it is needed. */
      readonly folder: string;
    }
  | {
      /** Keeps the files in a key-value store, for several machines behind one public URL. */
      readonly store: KeyValueStore;
    }
) & {
  /**
   * Where carriers reach this machine: an origin, or the whole URL of the webhook. A function is asked each time, for a
   * tunnel whose address changes. Without one, sending a file is refused.
   */
  readonly publicUrl?: string | (() => string | undefined);
  /** Default `/telephony/media`. */
  readonly path?: string;
  /** How long a carrier may fetch a file, from the moment at which the message is handed to it; default 10 minutes. */
  readonly ttlMs?: number;
  /** How long a file may wait for its message to be sent; default 7 days. */
  readonly keptMs?: number;
  /** Files that are kept at once, waiting or served; default 64. */
  readonly maxEntries?: number;
  /** What they may take of the disk together; default 100 MB. */
  readonly maxTotalBytes?: number;
  /** Folders below which a file must lie to be sent by its path; default: everywhere, but never through a symbolic link. */
  readonly allowedFolders?: readonly string[];
  readonly now?: () => Date;
  /** Makes the secret of a URL: that many random bytes. Default: those of `node:crypto`. */
  readonly random?: (byteCount: number) => Uint8Array;
};

/** Serves files of this machine to carriers, each under a URL that cannot be guessed and that expires. */
export interface MediaHost {
  readonly path: string;
  readonly allowedFolders: readonly string[] | undefined;
  /** Answers below `path`; a server that has the host calls it by itself. */
  readonly handler: NodeHandler;
  /**
   * Keeps a file until its message is sent, for `keptMs` from now on, or from `neededFrom` on when that is later. Durable
   * when it resolves; nobody can fetch it yet.
   *
   * @returns the secret by which the file is named from now on
   * @throws {TelephonyError} `invalid_request` without a public URL, `limit_reached` with `retryAfterMs` when the host is full
   * @throws {StoreError} when it cannot be written down
   */
  keep(file: HostedFile, options?: { readonly neededFrom?: Date }): Promise<string>;
  /**
   * Serves a file for `ttlMs` from now on; again, for `ttlMs` from then on.
   *
   * @throws {TelephonyError} `not_found` when the file is no longer there, `provider_unavailable` while there is no public URL
   */
  publish(secret: string): Promise<URL>;
  /** Takes the URL away, and keeps the file: its message was not sent, and will be. */
  withdraw(secret: string): Promise<void>;
  /** Removes a file that is not served. */
  discard(secret: string): Promise<void>;
  /** Removes what has expired. The host does it by itself, too. */
  removeExpired(): Promise<void>;
  /** Stops the timer. What is kept, stays. */
  close(): void;
}

/**
 * Makes a media host.
 *
 * @throws {TypeError} for a path that is none, and a `RangeError` for a bound that is not above 0
 * @example
 * const mediaHost = createMediaHost({ folder: '/var/lib/bot/media', publicUrl: 'https://bot.example.com' });
 * const server = createTelephonyServer({ ...options, publicUrl: 'https://bot.example.com', mediaHost });
 * await server.send({ to, text: 'Your ticket', media: [{ file: '/var/lib/bot/ticket.png' }] });
 */
export function createMediaHost(options: MediaHostOptions): MediaHost {
  const { path = '/telephony/media', now = () => new Date(), random = randomBytes } = options;
  const { ttlMs = 10 * 60_000, keptMs = 7 * 24 * 3_600_000 } = options;
  const { maxEntries = 64, maxTotalBytes = 100_000_000 } = options;
  assertSettings(path, { ttlMs, keptMs, maxEntries, maxTotalBytes });
  const shelf =
    'folder' in options
      ? createMediaFolder(options.folder)
      : createMediaRecords(options.store, { now, servedMs: ttlMs });
  const publicUrl = (): string | undefined =>
    typeof options.publicUrl === 'function' ? options.publicUrl() : options.publicUrl;

  async function removeExpired(): Promise<readonly ShelfEntry[]> {
    const left: ShelfEntry[] = [];
    for (const [key, entry] of await shelf.entries()) {
      if (endOf(entry) > now().getTime()) left.push(entry);
      else await shelf.remove(key);
    }
    return left;
  }

  // One after the other, so that two files that come at once do not take the last place both.
  const inTurn = createTurns();
  const timer = setInterval(
    () => void inTurn(removeExpired).catch(() => undefined),
    Math.min(ttlMs, 60_000),
  ).unref();

  return {
    path,
    allowedFolders: options.allowedFolders,
    handler: createMediaHandler({ path, now, shelf, keyOf }),
    keep: (file, { neededFrom } = {}) =>
      inTurn(async () => {
        if (publicUrl() === undefined) throw withoutPublicUrl('invalid_request');
        const kept = await removeExpired().catch(unwritable);
        const bytes = kept.reduce((sum, entry) => sum + entry.bytes, file.bytes.length);
        if (kept.length >= maxEntries || bytes > maxTotalBytes) throw full(kept, now());
        const secret = Buffer.from(random(secretBytes)).toString('base64url');
        const fromMs = Math.max(now().getTime(), neededFrom?.getTime() ?? 0);
        await put(shelf, keyOf(secret), file, fromMs + keptMs).catch(unwritable);
        return secret;
      }),
    async publish(secret) {
      const base = publicUrl();
      if (base === undefined) throw withoutPublicUrl('provider_unavailable');
      const key = keyOf(secret);
      const entry = await shelf.entry(key);
      const bytes = entry && (await shelf.bytes(key));
      const isKept = entry !== undefined && endOf(entry) > now().getTime();
      if (!isKept || bytes?.length !== entry.bytes) {
        throw refuse('not_found', 'a file of this message is no longer kept here: send it again');
      }
      await shelf.update(key, { ...entry, servedUntil: now().getTime() + ttlMs });
      return new URL(`${path}/${secret}/${entry.fileName}`, base);
    },
    async withdraw(secret) {
      const entry = await shelf.entry(keyOf(secret));
      if (entry?.servedUntil === undefined) return;
      const { servedUntil: _, ...waiting } = entry;
      await shelf.update(keyOf(secret), waiting);
    },
    async discard(secret) {
      const entry = await shelf.entry(keyOf(secret));
      if (entry?.servedUntil === undefined) await shelf.remove(keyOf(secret));
    },
    async removeExpired() {
      await inTurn(removeExpired);
    },
    close: () => clearInterval(timer),
  };
}

/** 256 bits: nobody finds a URL by trying. */
const secretBytes = 32;

const keyOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');
const endOf = ({ servedUntil, keptUntil }: ShelfEntry): number => servedUntil ?? keptUntil;

async function put(
  shelf: MediaShelf,
  key: string,
  { bytes, contentType, fileName }: HostedFile,
  keptUntil: number,
): Promise<void> {
  try {
    await shelf.put(key, { contentType, fileName, bytes: bytes.length, keptUntil }, bytes);
  } catch (error) {
    // A full disk: what was written of it must not stay.
    await shelf.remove(key).catch(() => undefined);
    throw error;
  }
}

/** What the system said, for who must act: a folder that is full, or may not be written. */
function unwritable(error: unknown): never {
  if (StoreError.isInstance(error)) throw error;
  const said = error instanceof Error && 'code' in error ? String(error.code) : 'unexpected';
  const code = said === 'ENOSPC' || said === 'EDQUOT' ? 'full' : 'unavailable';
  throw new StoreError(code, `the media host cannot keep files in its folder (${said})`);
}

function createTurns(): <Value>(act: () => Promise<Value>) => Promise<Value> {
  let last: Promise<unknown> = Promise.resolve();
  return (act) => {
    const turn = last.then(act, act);
    last = turn.catch(() => undefined);
    return turn;
  };
}

function assertSettings(path: string, bounds: { readonly [name: string]: number }): void {
  if (!/^(?:\/[\w.~-]+)+$/u.test(path) || /\/\.{1,2}(?:\/|$)/u.test(path)) {
    throw new TypeError('the path of a media host is like /telephony/media');
  }
  for (const [name, bound] of Object.entries(bounds)) {
    if (!(bound > 0 && bound < Infinity))
      throw new RangeError(`${name} of a media host is a number above 0`);
  }
}

/** Full of files that are served: the first of them makes room soon. */
function full(kept: readonly ShelfEntry[], now: Date): TelephonyError {
  const next = Math.min(...kept.flatMap(({ servedUntil }) => servedUntil ?? []));
  const wait = Number.isFinite(next) ? Math.max(1000, next - now.getTime()) : 60_000;
  return new TelephonyError(
    'limit_reached',
    `the media host keeps ${kept.length === 1 ? '1 file' : `${kept.length} files`} and takes no more for now (maxEntries, maxTotalBytes)`,
    { outcome: 'not-performed', retryAfterMs: wait },
  );
}

const withoutPublicUrl = (code: TelephonyErrorCode): TelephonyError =>
  refuse(code, 'a file of this machine is fetched by the carrier from a public URL: set publicUrl');

const refuse = (code: TelephonyErrorCode, message: string): TelephonyError =>
  new TelephonyError(code, message, { outcome: 'not-performed' });
