import type { TunnelLogFields, TunnelLogger } from './tunnel.ts';

/** A logger that keeps what it is told, to look for secrets in it. */
export function createLogJournal(): TunnelLogger & { readonly lines: string[]; text(): string } {
  const lines: string[] = [];
  const keep =
    (level: string) =>
    (fields: TunnelLogFields, message: string): void =>
      void lines.push(`${level} ${JSON.stringify(fields)} ${message}`);
  return {
    lines,
    text: () => lines.join('\n'),
    debug: keep('debug'),
    info: keep('info'),
    warn: keep('warn'),
    error: keep('error'),
  };
}
