import { senderPool } from './carrier-sections.ts';
import { ConfigError } from './config-error.ts';
import { describeIssues, nearest } from './describe-issues.ts';
import { type Environment, withEnvironment, withTunnelEnvironment } from './environment.ts';
import { topAccountId, type WrittenAccount, writtenAccounts } from './inheritance.ts';
import { accountSchema, type TelephonyConfig, telephonyConfigSchema } from './schema.ts';
import { isSettings } from './settings-tree.ts';
import { webhookUrl } from './webhook-url.ts';

/** One number or pool at one carrier, with the settings that hold for it. */
export interface Account {
  /** `default` for what stands outside of `accounts`. */
  readonly id: string;
  readonly config: TelephonyConfig;
  /**
   * Its entry says `enabled: false`: it is not to run, wherever the configuration is used. One that is unfinished as well
   * is not in the list at all.
   */
  readonly isSwitchedOff: boolean;
}

/** What {@link parseAccounts} takes beside the configuration. */
export interface ParseOptions {
  /** Fills what the default account leaves open; default: nothing does. */
  readonly environment?: Environment;
  /** How errors speak of the configuration. */
  readonly source?: string;
  /** The carrier of the default account, whatever is written. */
  readonly provider?: string;
}

/** The accounts as they were written, the default one first; their secrets may still be in files. */
export interface AccountLayers {
  readonly accounts: readonly WrittenAccount[];
  readonly source: string;
}

/** To compile the checks costs more than to run them once. */
const checkedOnce = { jitless: true };

/**
 * Puts the accounts of a configuration together: what stands outside of `accounts`, then the entry, then, for the default
 * account, the environment.
 *
 * @throws {ConfigError} with a line for each thing to mend
 */
export function layerAccounts(value: unknown, options: ParseOptions = {}): AccountLayers {
  const { environment = {}, source = 'the configuration' } = options;
  const shape = telephonyConfigSchema.safeParse(value, checkedOnce);
  if (!shape.success || !isSettings(value)) {
    throw new ConfigError(
      shape.success ? ['must be an object'] : describeIssues(shape.error),
      source,
    );
  }
  const written = writtenAccounts(withTunnelEnvironment(value, environment));
  const wanted = value['defaultAccount'];
  const first = defaultAmong(written, wanted, source);
  const { settings, variables, problems } = withEnvironment(
    options.provider === undefined
      ? first.settings
      : { ...first.settings, provider: options.provider },
    environment,
  );
  if (problems.length > 0) {
    throw new ConfigError(
      problems.map((problem) => prefixOf(first.id) + problem),
      source,
    );
  }
  const others = written.filter((account) => account !== first);
  return { accounts: [{ ...first, settings, variables }, ...others], source };
}

function defaultAmong(
  written: readonly WrittenAccount[],
  wanted: unknown,
  source: string,
): WrittenAccount {
  const ids = written.map(({ id }) => id);
  const id = wanted ?? (ids.includes(topAccountId) ? topAccountId : ids[0]);
  const found = written.find((account) => account.id === id);
  if (found !== undefined) return found;
  const hint = nearest(typeof id === 'string' ? id : '', ids);
  throw new ConfigError([`defaultAccount names no account${hint}`], source);
}

/** What stands before the settings of an account in an error. */
export const prefixOf = (id: string): string => (id === topAccountId ? '' : `accounts.${id}.`);

/**
 * Checks accounts whose secrets are in place: each in itself, and all against each other.
 *
 * @throws {ConfigError} with a line for each thing to mend
 */
export function checkAccounts({ accounts: written, source }: AccountLayers): readonly Account[] {
  const problems: string[] = [];
  const accounts = written.flatMap((account): readonly Account[] => {
    const { id, settings, isSwitchedOff } = account;
    if (account.lacksPublicUrl && !isSwitchedOff) {
      problems.push(
        `${prefixOf(id)}publicUrl is missing: the one above has a path, so it is the URL of one webhook`,
      );
    }
    const result = accountSchema.safeParse(settings, checkedOnce);
    if (result.success) return [{ id, config: result.data, isSwitchedOff }];
    // What does not run may be unfinished; only the default account is asked for by name.
    if (isSwitchedOff && account !== written[0]) return [];
    problems.push(...describeIssues(result.error, prefixOf(id), account.variables));
    return [];
  });
  if (problems.length === 0) problems.push(...collisions(accounts), ...missingStandIns(accounts));
  if (problems.length > 0) throw new ConfigError(problems, source);
  return accounts;
}

/** Accounts that are to send for others and cannot. */
function missingStandIns(accounts: readonly Account[]): string[] {
  const running = accounts.filter(({ isSwitchedOff }) => !isSwitchedOff).map(({ id }) => id);
  return accounts.flatMap(({ id, config, isSwitchedOff }) => {
    const standIn = config.outbound.failover?.account;
    if (isSwitchedOff || standIn === undefined) return [];
    const name = `${prefixOf(id)}outbound.failover.account`;
    if (standIn === id) return [`${name} is the account itself: name another one`];
    if (running.includes(standIn)) return [];
    const isOff = accounts.some((account) => account.id === standIn);
    return [
      isOff
        ? `${name} is "${standIn}", which is switched off`
        : `${name} names no account${nearest(standIn, running)}`,
    ];
  });
}

const messageRef = /^[\w-]+\.[0-9a-z]{1,4}$/u;

/** Accounts of one process that would get each other's texts. */
function collisions(accounts: readonly Account[]): string[] {
  const owners = new Map<string, string>();
  const problems: string[] = [];
  const claim = (id: string, what: string, key: string): void => {
    const owner = owners.get(`${what} ${key}`);
    if (owner === undefined) owners.set(`${what} ${key}`, id);
    else if (owner !== id)
      problems.push(`accounts ${owner} and ${id} have the same ${what}: each needs its own`);
  };
  const running = accounts.filter(({ isSwitchedOff }) => !isSwitchedOff);
  for (const { id, config } of running) {
    const { provider, fromNumber, serve } = config;
    // One map for all kinds: a webhook must not stand where receipts of another arrive.
    const { path: webhook, statusPath, mediaPath } = serve;
    for (const path of new Set([webhook, statusPath, mediaPath])) claim(id, `path ${path}`, '');
    const url = webhookUrl(config);
    if (url !== undefined) claim(id, 'publicUrl', url.href);
    if (fromNumber !== undefined) claim(id, `fromNumber at ${provider}`, fromNumber);
    const pool = senderPool(config);
    if (pool !== undefined) claim(id, `pool of senders at ${provider}`, pool);
    // Below a status path stand the references of messages: a path that looks like one would get another's receipts.
    for (const [name, path] of [
      ['path', serve.path],
      ['statusPath', serve.statusPath],
    ] as const) {
      const parent = path.slice(0, path.lastIndexOf('/'));
      if (!messageRef.test(path.slice(parent.length + 1))) continue;
      const above = running.find((other) => other.config.serve.statusPath === parent);
      if (above === undefined || above.id === id) continue;
      problems.push(
        `${prefixOf(id)}serve.${name} lies below serve.statusPath of the account ${above.id}: receipts of that one arrive there`,
      );
    }
  }
  return problems;
}

/**
 * Checks a configuration that is already in memory, and gives the accounts in it, the default one first. It reads no
 * files: a secret that stands in one is still there.
 *
 * @throws {ConfigError} with a line for each thing to mend
 * @example
 * const [main, ...others] = parseAccounts({ provider: 'mock', fromNumber: '+15550100100' });
 */
export function parseAccounts(value: unknown, options: ParseOptions = {}): readonly Account[] {
  return checkAccounts(layerAccounts(value, options));
}

/**
 * Checks a configuration that is already in memory, and gives the settings of its default account.
 *
 * @throws {ConfigError} with a line for each thing to mend
 */
export function parseConfig(value: unknown, source = 'the configuration'): TelephonyConfig {
  return accountNamed(parseAccounts(value, { source }), undefined, source).config;
}

/**
 * The account of a name; without one, the default account.
 *
 * @throws {ConfigError} when there is no such account
 */
export function accountNamed(
  accounts: readonly Account[],
  id: string | undefined,
  source = 'the configuration',
): Account {
  const found = id === undefined ? accounts[0] : accounts.find((account) => account.id === id);
  if (found !== undefined) return found;
  const ids = accounts.map((account) => account.id);
  throw new ConfigError([`it has no account "${id ?? ''}"${nearest(id ?? '', ids)}`], source);
}
