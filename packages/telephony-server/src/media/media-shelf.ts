import { isRecord, numberIn, stringIn } from '../records/json.ts';

/** What is known of a file that a media host keeps. */
export interface ShelfEntry {
  readonly contentType: string;
  readonly fileName: string;
  readonly bytes: number;
  /** Milliseconds since 1970: until then it waits to be sent. */
  readonly keptUntil: number;
  /** Milliseconds since 1970: until then anybody with the URL may fetch it; absent while it is not being sent. */
  readonly servedUntil?: number;
}

/**
 * Where a media host keeps its files. A key is a digest of the secret in the URL: whoever reads the shelf does not learn
 * the URL.
 */
export interface MediaShelf {
  /** Durable when it resolves. */
  put(key: string, entry: ShelfEntry, bytes: Uint8Array): Promise<void>;
  entry(key: string): Promise<ShelfEntry | undefined>;
  /** Changes what is known of a file; nothing happens when it is gone. */
  update(key: string, entry: ShelfEntry): Promise<void>;
  bytes(key: string): Promise<Uint8Array | undefined>;
  remove(key: string): Promise<void>;
  entries(): Promise<readonly (readonly [key: string, entry: ShelfEntry])[]>;
}

/** Reads an entry back; `undefined` for what no version of this code wrote. */
export function parseShelfEntry(text: string): ShelfEntry | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(json)) return undefined;
  const contentType = stringIn(json, 'contentType');
  const fileName = stringIn(json, 'fileName');
  const bytes = numberIn(json, 'bytes');
  const keptUntil = numberIn(json, 'keptUntil');
  const servedUntil = numberIn(json, 'servedUntil');
  if (contentType === undefined || fileName === undefined) return undefined;
  if (bytes === undefined || keptUntil === undefined) return undefined;
  return {
    contentType,
    fileName,
    bytes,
    keptUntil,
    ...(servedUntil === undefined ? {} : { servedUntil }),
  };
}
