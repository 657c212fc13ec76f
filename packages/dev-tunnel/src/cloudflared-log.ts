import { TunnelError } from './tunnel-error.ts';

/**
 * The origin of a quick tunnel, if this log line announces one: `… INF |  https://two-words.trycloudflare.com  |`.
 *
 * The whole line is matched, and one label before the domain: error lines name `https://api.trycloudflare.com/tunnel`,
 * and what visitors send may show up in the log too.
 */
export function quickTunnelOrigin(line: string): URL | undefined {
  const match =
    /^(?:\S+ INF )?\|\s+https:\/\/([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)\.trycloudflare\.com\s+\|$/u.exec(
      line.trim(),
    );
  const label = match?.[1];
  return label === undefined || label === 'api' || label === 'www'
    ? undefined
    : new URL(`https://${label}.trycloudflare.com`);
}

/** True for the line that says that Cloudflare's edge is connected; older versions say it in another order. */
export const isConnected = (line: string): boolean =>
  /(?:^|\sINF )(?:Registered tunnel connection|Connection [0-9a-f-]+ registered)\b/u.test(line);

/** True once Cloudflare has forgotten a quick tunnel, as after a long sleep: cloudflared would try for ever. */
export const isForgotten = (line: string): boolean =>
  / ERR .*Unauthorized: (?:Tunnel not found|Failed to get tunnel)/u.test(line);

const isTrouble = (line: string): boolean =>
  /(?:^|\s)(?:ERR|FTL) /u.test(line) ||
  /^[a-z].*(?:fail|error|invalid|not valid|not defined)/iu.test(line);

/** Keeps the last lines that tell of trouble, so that a failure can be explained. */
export function createTroubleMemory(): { note(line: string): void; lines(): readonly string[] } {
  let kept: string[] = [];
  return {
    note(line) {
      if (isTrouble(line)) kept = [...kept, line].slice(-5);
    },
    lines: () => kept,
  };
}

/** What the last lines of trouble mean for the person who must act. */
export function explainCloudflared(
  lines: readonly string[],
  scrub: (text: string) => string,
  fallback: TunnelError,
): TunnelError {
  const all = lines.join('\n');
  if (/\b429\b|error code: 1015/u.test(all)) {
    return new TunnelError(
      'rate_limited',
      'Cloudflare gives this network no further quick tunnel for now: wait some minutes, or use a tunnel of your own account (cloudflared.token).',
    );
  }
  if (/token is not valid|Unauthorized|Invalid tunnel secret/iu.test(all)) {
    return new TunnelError(
      'auth_failed',
      'Cloudflare does not accept this tunnel: copy the token of the tunnel anew from the dashboard.',
    );
  }
  const last = lines.at(-1);
  if (last === undefined) return fallback;
  return new TunnelError(fallback.code, `${fallback.message} Its last words: ${scrub(last)}`);
}
