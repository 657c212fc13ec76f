import type { TelephonyConfig } from './schema.ts';

/** The webhook's URL as the carrier must be told it; `undefined` without a `publicUrl`. */
export function webhookUrl({ publicUrl, serve }: TelephonyConfig): URL | undefined {
  if (publicUrl === undefined) return undefined;
  const url = new URL(publicUrl);
  return url.pathname === '/' ? new URL(serve.path, url) : url;
}
