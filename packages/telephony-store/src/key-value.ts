/** One live entry of a {@link KeyValueStore}. */
export interface Entry {
  readonly key: string;
  readonly value: string;
  /** Different after every write of this key, also after a delete and a new write. Compare it, never interpret it. */
  readonly version: string;
}

/** How {@link KeyValueStore.set} writes. */
export interface SetOptions {
  /** How long the entry lives, in milliseconds above 0; without it, for ever. */
  readonly ttlMs?: number;
  /** Write only while the key has this version, or `absent`: only while there is no live entry. */
  readonly ifVersion?: string;
}

/** How {@link KeyValueStore.delete} deletes. */
export interface DeleteOptions {
  /** Delete only while the key has this version. */
  readonly ifVersion?: string;
}

/** Which part of a listing is wanted. */
export interface ListOptions {
  /** Only keys that sort after this one. */
  readonly after?: string;
  /** At most so many entries. */
  readonly limit?: number;
}

/**
 * Strings by key, with conditional writes: enough to build every higher store as a pure function over it.
 *
 * Keys and values are well-formed Unicode without NUL characters (else `TypeError`). A write is durable and visible
 * once its promise has resolved; a write that is rejected did not happen. An entry is expired from the moment on at
 * which the injected clock reads its expiry, on every driver.
 *
 * @example
 * const entry = await keyValue.get('visits');
 * const written = await keyValue.set('visits', String(Number(entry?.value ?? 0) + 1), {
 *   ifVersion: entry?.version ?? 'absent',
 * });
 * if (!written) console.log('somebody else counted at the same moment: read again');
 */
export interface KeyValueStore {
  /** The live entry of a key. Throws {@link StoreError}. */
  get(key: string): Promise<Entry | undefined>;
  /** Writes, and answers whether the condition held. Throws {@link StoreError}; `RangeError` for a bad `ttlMs`. */
  set(key: string, value: string, options?: SetOptions): Promise<boolean>;
  /** Deletes, and answers whether there was a live entry and the condition held. Throws {@link StoreError}. */
  delete(key: string, options?: DeleteOptions): Promise<boolean>;
  /**
   * Live entries whose key starts with `prefix`, in the order of their code points.
   *
   * It may be written meanwhile: every key comes at most once, and what is there throughout comes exactly once.
   */
  list(prefix: string, options?: ListOptions): AsyncIterable<Entry>;
}
