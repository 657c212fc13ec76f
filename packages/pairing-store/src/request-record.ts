import type { KeyValueStore } from '@openclaw/telephony-store';

/** One person's request to be let in, as it is stored. */
export interface StoredRequest {
  readonly sender: string;
  readonly code: string;
  readonly requestedAtMs: number;
  readonly expiresAtMs: number;
  /** Wrong codes that were tried while it was pending. */
  readonly wrongCount: number;
  /** The code was given back; it works no more. */
  readonly redeemed: boolean;
}

/** Closed requests are kept a while, so that their codes can be answered with the reason. */
const closedRequestCap = 12;

/**
 * All requests of one account in one record: the cap, the one code of each sender and the count of wrong codes can
 * then be kept by one conditional write, however many processes write.
 */
export interface RequestRecord {
  read(): Promise<readonly StoredRequest[]>;
  /**
   * Changes the record. `change` runs again when somebody else wrote in between; without `requests` in its answer
   * nothing is written.
   */
  update<Answer>(
    change: (requests: readonly StoredRequest[]) => Promise<Change<Answer>> | Change<Answer>,
  ): Promise<Answer>;
}

export interface Change<Answer> {
  readonly answer: Answer;
  readonly requests?: readonly StoredRequest[];
}

export function createRequestRecord(options: {
  readonly keyValue: KeyValueStore;
  readonly key: string;
  readonly ttlMs: number;
  readonly isPending: (request: StoredRequest) => boolean;
}): RequestRecord {
  const { keyValue, key, ttlMs, isPending } = options;
  return {
    async read() {
      const entry = await keyValue.get(key);
      return entry === undefined ? [] : parseRequests(entry.value);
    },
    async update(change) {
      for (;;) {
        const entry = await keyValue.get(key);
        const before = entry === undefined ? [] : parseRequests(entry.value);
        const { answer, requests } = await change(before);
        if (requests === undefined) return answer;
        const closed = requests.filter((request) => !isPending(request));
        const dropped = new Set(closed.slice(0, -closedRequestCap));
        const kept = requests.filter((request) => !dropped.has(request));
        const written = await keyValue.set(key, JSON.stringify(kept), {
          ttlMs,
          ifVersion: entry?.version ?? 'absent',
        });
        if (written) return answer;
      }
    },
  };
}

function parseRequests(value: string): StoredRequest[] {
  const json: unknown = JSON.parse(value);
  if (!Array.isArray(json)) throw unreadable();
  return json.map((item: unknown) => parseRequest(item));
}

function parseRequest(item: unknown): StoredRequest {
  if (typeof item === 'object' && item !== null) {
    const request: Partial<Record<keyof StoredRequest, unknown>> = item;
    const { sender, code, requestedAtMs, expiresAtMs, wrongCount, redeemed } = request;
    if (
      typeof sender === 'string' &&
      typeof code === 'string' &&
      typeof requestedAtMs === 'number' &&
      typeof expiresAtMs === 'number' &&
      typeof wrongCount === 'number' &&
      typeof redeemed === 'boolean'
    ) {
      return { sender, code, requestedAtMs, expiresAtMs, wrongCount, redeemed };
    }
  }
  throw unreadable();
}

const unreadable = (): TypeError =>
  new TypeError(
    'the record of pairing requests was not written by this version: delete it, and people ask again',
  );
