/** Settings that several numbers can share, with what every resource has. */
export type Stored<Settings> = Settings & {
  readonly id: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

/** The messaging profiles, or the applications, of an account: what has the webhooks of the numbers on it. */
export interface SettingsStore<Settings extends object> {
  readonly all: readonly Stored<Settings>[];
  get(id: string | undefined): Stored<Settings> | undefined;
  /** Makes one, unless it is there already; without an identifier, always a new one. */
  require(id: string | undefined): Stored<Settings>;
  change(id: string, change: Partial<Settings>): void;
  remove(id: string): void;
}

/** Makes an empty store. */
export function createSettingsStore<Settings extends object>({
  now,
  makeId,
  fresh,
}: {
  readonly now: () => number;
  readonly makeId: () => string;
  /** What a new one has, given how many there are. */
  readonly fresh: (count: number) => Settings;
}): SettingsStore<Settings> {
  const records = new Map<string, Stored<Settings>>();
  return {
    get all() {
      return [...records.values()];
    },
    get: (id) => records.get(id ?? ''),
    require(id = makeId()) {
      const found = records.get(id);
      if (found !== undefined) return found;
      const createdAt = new Date(now());
      const made = { ...fresh(records.size), id, createdAt, updatedAt: createdAt };
      records.set(id, made);
      return made;
    },
    change(id, change) {
      const found = records.get(id);
      if (found === undefined) return;
      records.set(id, { ...found, ...change, updatedAt: new Date(now()) });
    },
    remove(id) {
      records.delete(id);
    },
  };
}
