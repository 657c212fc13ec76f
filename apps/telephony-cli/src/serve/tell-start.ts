import {
  type Account,
  idleSettings,
  type TelephonyConfig,
  webhookUrl,
} from '@openclaw/telephony-config';
import type { Logger } from '@openclaw/telephony-server';
import { say, sayJson, styled, type Terminal } from '../terminal.ts';
import { reachedAt } from '../workplace.ts';
import { isSimulated } from './addresses.ts';
import { isBelow, type ServeTunnel } from './open-serve-tunnel.ts';

/** What is told about a server that listens. */
export interface Start {
  readonly accounts: readonly Account[];
  readonly listening: string;
  readonly way: ServeTunnel | undefined;
  /** The database file. */
  readonly database: string;
}

/** Says that the server listens: one line of JSON, or a few for people. */
export function tellStart(terminal: Terminal, start: Start, logger: Logger): void {
  const places = start.accounts.map((account) => placeOf(account, start));
  sayJson(terminal, {
    listening: start.listening,
    webhook: places[0]?.webhook,
    database: start.database,
    ...(start.way === undefined ? {} : { tunnel: start.way.tunnel.provider }),
    accounts: places,
  });
  tellWhere(terminal, start, false);
  say(terminal, `  data in ${start.database}; stop with Ctrl+C`);
  warn(terminal, start, logger);
}

/** Says that a changed configuration is in use. */
export function tellReload(
  terminal: Terminal,
  start: Omit<Start, 'database'>,
  logger: Logger,
): void {
  const accounts = start.accounts.map((account) => placeOf(account, start));
  sayJson(terminal, { reloaded: true, webhook: accounts[0]?.webhook, accounts });
  tellWhere(terminal, start, false);
  say(terminal, '  with the configuration as it is now');
  warn(terminal, start, logger);
}

function warn(terminal: Terminal, start: Omit<Start, 'database'>, logger: Logger): void {
  for (const { id, config } of start.accounts) {
    const prefix = start.accounts.length > 1 ? `  ${id}: ` : '  ';
    for (const warning of warningsOf(reachedAt(config, start.way?.origin()), start)) {
      if (terminal.json) logger.warn({ account: id }, warning.text);
      say(terminal, prefix + styled(terminal, warning.isGrave ? 'red' : 'yellow', warning.text));
    }
  }
  // Once, because most of them are inherited.
  const provider = start.way?.tunnel.provider;
  for (const text of new Set(start.accounts.flatMap((one) => idleSettings(one.config, provider)))) {
    if (terminal.json) logger.warn({}, text);
    say(terminal, `  ${styled(terminal, 'yellow', text)}`);
  }
}

/** Says where texts come in: at the start, and whenever a tunnel has moved. */
export function tellWhere(
  terminal: Terminal,
  start: Omit<Start, 'database'>,
  hasMoved = true,
): void {
  const places = start.accounts.map((account) => placeOf(account, start));
  if (hasMoved) sayJson(terminal, { moved: true, webhook: places[0]?.webhook, accounts: places });
  for (const { id, provider, webhook } of places) {
    const name = places.length > 1 ? `${id}: ` : '';
    const where = `${provider} texts ${hasMoved ? 'now ' : ''}come in at ${styled(terminal, 'bold', webhook)}`;
    say(terminal, `${styled(terminal, 'green', '✓')} ${name}${where}`);
  }
}

interface Place {
  readonly id: string;
  readonly provider: string;
  readonly webhook: string;
}

function placeOf({ id, config }: Account, { listening, way }: Omit<Start, 'database'>): Place {
  const url = webhookUrl(reachedAt(config, way?.origin()));
  return {
    id,
    provider: config.provider,
    webhook: (url ?? new URL(config.serve.path, listening)).href,
  };
}

interface Warning {
  readonly text: string;
  readonly isGrave: boolean;
}

function* warningsOf(config: TelephonyConfig, { way }: Omit<Start, 'database'>): Iterable<Warning> {
  if (way !== undefined && way.origin() === undefined) {
    yield {
      text: 'tailscale-serve is reached by your own tailnet alone: no carrier gets through; tailscale-funnel would let it',
      isGrave: true,
    };
  }
  const { publicUrl, serve, skipSignatureVerification } = config;
  const folder = way?.folder;
  for (const name of ['path', 'statusPath', 'mediaPath'] as const) {
    if (folder === undefined || isBelow(serve[name], folder)) continue;
    yield { text: `Tailscale leads to ${folder} alone, and not to serve.${name}`, isGrave: true };
  }
  if (publicUrl === undefined) {
    yield {
      text: 'publicUrl is not set: signatures are checked against the Host header, no receipts are asked for, and no files can be sent',
      isGrave: false,
    };
  } else if (publicUrl.startsWith('http:') && !isSimulated(config)) {
    yield {
      text: 'publicUrl is http: whoever is on the way can read the texts; put TLS in front of it',
      isGrave: false,
    };
  }
  if (!/^(?:localhost|::1|127(?:\.\d+){3})$/u.test(serve.bind) && publicUrl === undefined) {
    yield {
      text: `${serve.bind} is reached by others without TLS: put a proxy or a tunnel in front of it, and set publicUrl`,
      isGrave: false,
    };
  }
  if (skipSignatureVerification) {
    yield { text: 'signatures are NOT checked: anybody on this machine can text', isGrave: true };
  }
}
