import { assertPublicUrl } from './public-url.ts';
import { type OpenTunnelOptions, tunnelProviders } from './tunnel.ts';
import { TunnelError } from './tunnel-error.ts';

const invalid = (message: string): TunnelError => new TunnelError('invalid_options', message);

/**
 * Refuses options of the wrong shape, as `openTunnel` does before it starts anything: for a program that wants to know it
 * when it reads its configuration.
 *
 * @throws {@link TunnelError} `invalid_options`, naming the option.
 *
 * @example
 * ```ts
 * import { checkTunnelOptions } from '@openclaw/dev-tunnel';
 *
 * checkTunnelOptions({ provider: 'tailscale-funnel', port: 3335, tailscale: { port: 8443 } });
 * ```
 */
export function checkTunnelOptions(options: OpenTunnelOptions): void {
  const { provider, port, path = '/' } = options;
  if (!tunnelProviders.includes(provider)) {
    throw invalid(`provider must be one of ${tunnelProviders.join(', ')}.`);
  }
  checkPort('port', port);
  checkPath('path', path);
  checkDuration('openTimeoutMs', options.openTimeoutMs);
  checkDuration('commandTimeoutMs', options.commandTimeoutMs);
  checkDuration('stopTimeoutMs', options.stopTimeoutMs);
  if (provider === 'ngrok') checkNgrok(options);
  else if (provider === 'cloudflared') checkCloudflared(options);
  else checkTailscale(options);
}

function checkNgrok({ ngrok }: OpenTunnelOptions): void {
  // A line end from a file or a blank from a dashboard would be refused by ngrok with a message that quotes the token.
  if (ngrok === undefined || !/^[\x21-\x7e]+$/u.test(ngrok.authToken)) {
    throw invalid(
      'ngrok.authToken is needed, without blanks: copy it from the ngrok dashboard, "Your Authtoken".',
    );
  }
  const { domain, serverAddress } = ngrok;
  if (domain !== undefined) checkHost('ngrok.domain', domain);
  if (serverAddress !== undefined && !/^[\w.-]+:\d{1,5}$/u.test(serverAddress)) {
    throw invalid('ngrok.serverAddress must look like ingress.example.com:443.');
  }
}

function checkCloudflared({ cloudflared: { token, hostname } = {} }: OpenTunnelOptions): void {
  if ((token === undefined) !== (hostname === undefined)) {
    throw invalid(
      'cloudflared.token and cloudflared.hostname go together: the token runs a tunnel of your account, the host name is what its dashboard page says.',
    );
  }
  if (token !== undefined && !/^[\x21-\x7e]+$/u.test(token)) {
    throw invalid('cloudflared.token is empty or holds a blank: copy it from the dashboard.');
  }
  if (hostname !== undefined) checkHost('cloudflared.hostname', hostname);
}

function checkTailscale({ provider, path = '/', tailscale = {} }: OpenTunnelOptions): void {
  const { path: mounted = path, port = 443 } = tailscale;
  checkPort('tailscale.port', port);
  checkPath('tailscale.path', mounted);
  if (provider === 'tailscale-funnel' && ![443, 8443, 10_000].includes(port)) {
    throw invalid('tailscale.port must be 443, 8443 or 10000: funnel knows no other.');
  }
  const below = mounted.endsWith('/') ? mounted : `${mounted}/`;
  if (path !== mounted && !path.startsWith(below)) {
    throw invalid('path must be tailscale.path itself or lie below it.');
  }
}

function checkPort(name: string, port: number): void {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw invalid(`${name} must be a whole number from 1 to 65535.`);
  }
}

function checkPath(name: string, path: string): void {
  // What a server, a proxy and Tailscale might read differently is refused: dots, double slashes, escapes.
  const plain = /^(?:\/|(?:\/[\w~-][\w.~-]*)+\/?)$/u.test(path) && path.length <= 200;
  if (!plain) throw invalid(`${name} must look like /telephony/webhook.`);
}

function checkHost(name: string, host: string): void {
  try {
    if (assertPublicUrl(`https://${host}`).hostname === host.toLowerCase()) return;
  } catch {
    // Said below in the words of the option.
  }
  throw invalid(`${name} must be a public host name alone, such as sms.example.com.`);
}

function checkDuration(name: string, ms: number | undefined): void {
  if (ms !== undefined && (!Number.isFinite(ms) || ms < 1 || ms > 600_000)) {
    throw invalid(`${name} must be between 1 and 600000.`);
  }
}
