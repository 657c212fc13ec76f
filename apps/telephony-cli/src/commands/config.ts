import {
  accountNamed,
  idleSettings,
  secretPaths,
  telephonyJsonSchema,
  type TelephonyConfig,
} from '@openclaw/telephony-config';
import { assertUsable } from '../serve/usable-accounts.ts';
import { say, sayJson, styled, type Terminal } from '../terminal.ts';
import { readAccounts, sourceOf, type WorkplaceOptions } from '../workplace.ts';

/** Prints the JSON schema of a configuration, for editors; JSON with and without `--json`. */
export function printSchema(terminal: Terminal): void {
  const space = terminal.json ? undefined : 2;
  terminal.stdout.write(`${JSON.stringify(telephonyJsonSchema(), null, space)}\n`);
}

/** Checks a configuration and prints what it comes to, without its secrets. Nothing is opened, and nobody is asked. */
export async function checkConfig(terminal: Terminal, options: WorkplaceOptions): Promise<void> {
  const accounts = await readAccounts(options);
  const shown =
    options.account === undefined
      ? accounts
      : [accountNamed(accounts, options.account, sourceOf(options))];
  const running = shown.filter(({ isSwitchedOff }) => !isSwitchedOff);
  // What `serve` would refuse is refused here.
  await assertUsable({
    accounts: running,
    tunnel: running[0]?.config.tunnel.provider ?? 'none',
    source: sourceOf(options),
    defaultId: accounts[0]?.id,
  });
  for (const { id, config, isSwitchedOff } of shown) {
    const settings = withoutSecrets(config);
    const warnings = idleSettings(config);
    sayJson(terminal, { account: id, isSwitchedOff, settings, warnings });
    const off = isSwitchedOff ? styled(terminal, 'yellow', ', switched off') : '';
    say(terminal, `${styled(terminal, 'green', '✓')} account "${id}"${off}`);
    for (const warning of warnings) say(terminal, `  ${styled(terminal, 'yellow', warning)}`);
    say(terminal, JSON.stringify(settings, null, 2));
  }
}

/** What stands for a secret that is set. */
const hidden = '(set)';

function withoutSecrets(config: TelephonyConfig): unknown {
  const secrets: ReadonlySet<string> = new Set(secretPaths);
  const copy = (value: unknown, path: string): unknown => {
    if (secrets.has(path)) return value === undefined ? undefined : hidden;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    const entries = Object.entries(value);
    return Object.fromEntries(
      entries.map(([name, inner]) => [name, copy(inner, path === '' ? name : `${path}.${name}`)]),
    );
  };
  return copy(config, '');
}
