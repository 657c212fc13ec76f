import type { Environment } from './tunnel.ts';

/**
 * What a child may know: where programs and its own settings are, and how to get out through a proxy. Everything else,
 * such as a carrier's token in our own environment, stays here.
 */
const passedOn: ReadonlySet<string> = new Set([
  'PATH',
  'HOME',
  'USER',
  'LANG',
  'TMPDIR',
  'XDG_CONFIG_HOME',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'ALL_PROXY',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  // Windows
  'APPDATA',
  'LOCALAPPDATA',
  'PATHEXT',
  'PROGRAMDATA',
  'PROGRAMFILES',
  'SYSTEMROOT',
  'TEMP',
  'TMP',
  'USERPROFILE',
]);

/** The environment of a child. Names are compared as on Windows, because proxies are also set in lower case. */
export function childEnvironment(
  environment: Environment,
  extra: { readonly [name: string]: string } = {},
): { [name: string]: string } {
  const kept: { [name: string]: string } = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && passedOn.has(name.toUpperCase())) kept[name] = value;
  }
  return { ...kept, ...extra };
}

/** The value of a variable whose name is written `Path` on Windows. */
export function variable(environment: Environment, name: string): string | undefined {
  const found = Object.keys(environment).find((key) => key.toUpperCase() === name);
  return found === undefined ? undefined : environment[found];
}
