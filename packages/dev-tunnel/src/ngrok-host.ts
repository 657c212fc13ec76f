/** The domains below which ngrok gives out names. */
const endings = ['ngrok.app', 'ngrok.dev', 'ngrok.io', 'ngrok-free.app', 'ngrok-free.dev'] as const;

/**
 * True if `host` is a name that ngrok gives out: whole labels are compared, so `evil-ngrok.io`,
 * `ngrok.io.example.com` and `example.com/?x=.ngrok.io` are not. A port may follow. A custom domain is not recognised.
 *
 * It is for hints to people. Nothing may be trusted because of it.
 *
 * @example
 * ```ts
 * import { isNgrokHost } from '@openclaw/dev-tunnel';
 *
 * console.log(isNgrokHost('example.ngrok-free.app')); // true
 * console.log(isNgrokHost('example.com/?x=.ngrok-free.app')); // false
 * ```
 */
export function isNgrokHost(host: string): boolean {
  const name = /^([a-z0-9-]+(?:\.[a-z0-9-]+)*)\.?(?::\d{1,5})?$/u.exec(host.toLowerCase())?.[1];
  return name !== undefined && endings.some((ending) => name.endsWith(`.${ending}`));
}
