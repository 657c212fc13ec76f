import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A `cloudflared` that announces another quick tunnel each time it is started. */
export async function fakeCloudflared(folder: string, mood = 'announces'): Promise<void> {
  const program = join(folder, 'cloudflared');
  const count = join(folder, 'count');
  await writeFile(count, '0');
  await writeFile(
    program,
    `#!/bin/sh
n=$(( $(cat '${count}') + 1 )); echo $n > '${count}'; echo $$ > '${join(folder, 'pid')}'
test '${mood}' = announces || while true; do sleep 1; done
echo "2026-11-20T16:00:00Z INF |  https://number-$n.trycloudflare.com  |" >&2
echo "2026-11-20T16:00:00Z INF Registered tunnel connection connIndex=0" >&2
while true; do sleep 1; done
`,
  );
  await chmod(program, 0o755);
}

/** A `tailscale` that is logged in, and keeps the one path that it was told to lead here. */
export async function fakeTailscale(folder: string): Promise<void> {
  const program = join(folder, 'tailscale');
  const mounted = join(folder, 'mounted.json');
  await writeFile(mounted, '{}');
  await writeFile(
    program,
    `#!/bin/sh
host=laptop.tail1234.ts.net
case "$1 $2" in
  'status '*) echo "{\\"BackendState\\":\\"Running\\",\\"Self\\":{\\"DNSName\\":\\"$host.\\"}}"; exit;;
  'serve status') exec cat '${mounted}';;
esac
for word in "$@"; do case "$word" in --set-path=*) path=\${word#--set-path=};; esac; target=$word; done
if [ "$target" = off ]; then echo '{}' > '${mounted}'; exit; fi
echo "{\\"TCP\\":{\\"443\\":{\\"HTTPS\\":true}},\\"AllowFunnel\\":{\\"$host:443\\":true},\\"Web\\":{\\"$host:443\\":{\\"Handlers\\":{\\"$path\\":{\\"Proxy\\":\\"$target\\"}}}}}" > '${mounted}'
`,
  );
  await chmod(program, 0o755);
}

/** The lines that come, one after the other, as JSON. */
export function linesOf(lines: NodeJS.EventEmitter): () => Promise<unknown> {
  const kept: unknown[] = [];
  const waiting: ((line: unknown) => void)[] = [];
  lines.on('line', (line: string) => {
    const value: unknown = JSON.parse(line);
    const take = waiting.shift();
    if (take === undefined) kept.push(value);
    else take(value);
  });
  return () =>
    kept.length > 0
      ? Promise.resolve(kept.shift())
      : new Promise((resolve) => void waiting.push(resolve));
}
