import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { variable } from './child-environment.ts';
import { TunnelError } from './tunnel-error.ts';
import type { Environment } from './tunnel.ts';

const usualFolders = ['/usr/local/bin', '/opt/homebrew/bin', '/usr/bin', '/bin', '/snap/bin'];

/** Where to look for a program, and what to tell who does not have it. */
export interface ProgramSearch {
  readonly name: 'cloudflared' | 'tailscale';
  readonly executable: string | undefined;
  readonly environment: Environment;
  readonly howToInstall: string;
}

/**
 * The absolute path of a program: found before it is started, because a shell's or system's own words for "not there"
 * say nothing of what to do.
 */
export async function findExecutable(search: ProgramSearch): Promise<string> {
  const { name, executable, environment, howToInstall } = search;
  if (executable !== undefined) {
    if (isAbsolute(executable) && (await canRun(executable))) return executable;
    throw new TunnelError(
      'not_installed',
      `${name}.executable is not the absolute path of a program that can be run.`,
    );
  }
  for (const candidate of candidates(name, environment)) {
    if (await canRun(candidate)) return candidate;
  }
  throw new TunnelError(
    'not_installed',
    `There is no program ${name} on the PATH: ${howToInstall}, or name its file in ${name}.executable.`,
  );
}

function candidates(name: string, environment: Environment): string[] {
  const path = variable(environment, 'PATH');
  // An empty or relative entry means "where I happen to be": whoever owns that folder would be run.
  const folders = path === undefined ? usualFolders : path.split(delimiter).filter(isAbsolute);
  const endings = (variable(environment, 'PATHEXT') ?? '')
    .split(';')
    .filter((ending) => /^\.\w+$/u.test(ending));
  return folders.flatMap((folder) =>
    ['', ...endings].map((ending) => join(folder, `${name}${ending}`)),
  );
}

async function canRun(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
