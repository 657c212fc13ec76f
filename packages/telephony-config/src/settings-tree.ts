/** Settings as they were written: not checked yet. */
export type Settings = { readonly [key: string]: unknown };

/** True for what has settings in it: an object that is no list. */
export const isSettings = (value: unknown): value is Settings =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The settings under a key, when there are any. */
export function settingsIn(settings: Settings, key: string): Settings {
  const inner = Object.hasOwn(settings, key) ? settings[key] : undefined;
  return isSettings(inner) ? inner : {};
}

/** What stands under the keys of a path. */
export function settingAt(settings: Settings, path: readonly string[]): unknown {
  let value: unknown = settings;
  for (const key of path) {
    value = isSettings(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }
  return value;
}

/** The same settings with one of them set, or taken away when the value is `undefined`. */
export function withSetting(settings: Settings, path: readonly string[], value: unknown): Settings {
  const [key, ...rest] = path;
  if (key === undefined) return settings;
  // A Map has no prototype, so that no key means more than itself.
  const entries = new Map(Object.entries(settings));
  const old = entries.get(key);
  if (rest.length > 0) {
    // A section of another type is left for the schema to refuse.
    if (old !== undefined && !isSettings(old)) return settings;
    if (old === undefined && value === undefined) return settings;
    entries.set(key, withSetting(old ?? {}, rest, value));
  } else if (value === undefined) entries.delete(key);
  else entries.set(key, value);
  return Object.fromEntries(entries);
}

/** `upper` over `lower`, section by section; lists and single values are replaced as a whole. */
export function layered(lower: Settings, upper: Settings): Settings {
  const merged = new Map(Object.entries(lower));
  for (const [key, value] of Object.entries(upper)) {
    if (value === undefined) continue;
    const below = merged.get(key);
    merged.set(key, isSettings(below) && isSettings(value) ? layered(below, value) : value);
  }
  return Object.fromEntries(merged);
}
