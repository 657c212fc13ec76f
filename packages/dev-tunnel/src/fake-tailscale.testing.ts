import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Stands in for the `tailscale` program where it changes its configuration, which lies in `config.json`.
 *
 * It does what the real one does to other people's entries: `off` without a path removes every path of the port, `serve`
 * takes a port off the internet, and `funnel` puts all of it there.
 *
 * Usage: fake-tailscale <folder> <what tailscale is given>
 */
export type FakeTailscaleMood =
  | 'well'
  | 'consent'
  | 'denied'
  | 'no funnel'
  | 'shields up'
  | 'old'
  | 'succeed silently'
  | 'hang after';
/** As `tailscale serve status --json` prints it. */
export interface ServeConfig {
  TCP?: { [port: string]: { HTTPS?: boolean; TCPForward?: string } };
  Web?: { [host: string]: { Handlers: { [path: string]: { Proxy: string } } } };
  AllowFunnel?: { [host: string]: boolean };
  Foreground?: { [session: string]: ServeConfig };
}

const [folder = '', ...args] = process.argv.slice(2);
const [verb] = args;
const file = join(folder, 'config.json');
const config: ServeConfig = JSON.parse(readFileSync(file, 'utf8'));
const mood = readFileSync(join(folder, 'mood.txt'), 'utf8');
const dnsName = 'laptop.tail1234.ts.net';

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

change();

function change(): void {
  const flag = (name: string): string | undefined =>
    args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
  const port = flag('https') ?? '443';
  const path = flag('set-path');
  const key = `${dnsName}:${port}`;
  const target = args.at(-1) ?? '';
  const handlers = { ...config.Web?.[key]?.Handlers };
  const funnels = { ...config.AllowFunnel };
  if (mood === 'denied') {
    fail(
      "sending serve config: Access denied: serve config denied\n\nUse 'sudo tailscale serve'.\nTo not require root, use 'sudo tailscale set --operator=$USER' once.",
    );
  }
  if (target === 'off') {
    if (path === undefined) for (const each of Object.keys(handlers)) delete handlers[each];
    else if (handlers[path] === undefined)
      fail('error: failed to remove web serve: handler does not exist');
    else delete handlers[path];
  } else {
    if (mood === 'old') fail('flag provided but not defined: -set-path');
    if (mood === 'no funnel' && verb === 'funnel') {
      fail(
        'Funnel not available; "funnel" node attribute not set. See https://tailscale.com/s/no-funnel.',
      );
    }
    if (mood === 'shields up') {
      fail(
        'sending serve config: updating config: Unable to turn on Funnel while shields-up is enabled',
      );
    }
    if (mood === 'consent') {
      const page = `https://login.tailscale.com/f/${verb}?node=nTESTCNTRL`;
      const feature = verb === 'funnel' ? 'Funnel' : 'Serve';
      console.log(
        `\n${feature} is not enabled on your tailnet.\nTo enable, visit:\n\n         ${page}\n`,
      );
      return void setInterval(() => undefined, 1000);
    }
    if (mood === 'succeed silently') return undefined;
    handlers[path ?? '/'] = { Proxy: target };
    if (verb === 'funnel') funnels[key] = true;
    else delete funnels[key];
  }
  const { [key]: _web, ...otherWeb } = config.Web ?? {};
  const { [port]: _tcp, ...otherTcp } = config.TCP ?? {};
  const empty = Object.keys(handlers).length === 0;
  if (empty) delete funnels[key];
  const changed: ServeConfig = {
    TCP: empty ? otherTcp : { ...otherTcp, [port]: { HTTPS: true } },
    Web: empty ? otherWeb : { ...otherWeb, [key]: { Handlers: handlers } },
    AllowFunnel: funnels,
  };
  writeFileSync(file, JSON.stringify(changed));
  console.log(`Available ${verb === 'funnel' ? 'on the internet' : 'within your tailnet'}:`);
  if (mood === 'hang after' && target !== 'off') return void setInterval(() => undefined, 1000);
  return undefined;
}
