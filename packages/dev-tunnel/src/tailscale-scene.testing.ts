import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FakeTailscaleMood, ServeConfig } from './fake-tailscale.testing.ts';
import { writeProgram } from './write-program.testing.ts';

/** The machine of the scene. */
export const dnsName = 'laptop.tail1234.ts.net';

/** A folder with a fake `tailscale`, to be put first on the `PATH`. */
export interface TailscaleScene {
  readonly environment: { readonly [name: string]: string };
  /** What `status --json` prints; a text is an error of the program. */
  setStatus(status: unknown): void;
  setConfig(config: ServeConfig): void;
  /** What a change of the configuration meets. */
  setMood(mood: FakeTailscaleMood): void;
  config(): ServeConfig;
  /** Every command line so far. */
  calls(): readonly string[];
  close(): void;
}

/** Reading is done by the shell, which starts in no time. */
const reads = (folder: string): string => `
cd '${folder}'
echo "$*" >>calls.txt
if [ "$1" = status ] || [ "$2" = status ]; then
  if [ -s trouble.txt ]; then cat trouble.txt >&2; exit 1; fi
  if [ "$1" = status ]; then exec cat status.json; fi
  exec cat config.json
fi
`;

/** Sets the scene: logged in, nothing configured. */
export function createTailscaleScene(): TailscaleScene {
  const folder = mkdtempSync(join(tmpdir(), 'dev-tunnel-'));
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const scene: TailscaleScene = {
    environment: { PATH: `${folder}:/usr/bin:/bin` },
    setStatus(status) {
      write('trouble.txt', typeof status === 'string' ? `${status}\n` : '');
      write('status.json', JSON.stringify(status, undefined, 2));
    },
    setConfig: (config) => write('config.json', JSON.stringify(config, undefined, 2)),
    setMood: (mood) => write('mood.txt', mood),
    config: () => JSON.parse(read('config.json')),
    calls: () => read('calls.txt').trimEnd().split('\n'),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
  scene.setStatus({ BackendState: 'Running', Self: { DNSName: `${dnsName}.` } });
  scene.setConfig({});
  scene.setMood('well');
  writeProgram(folder, 'tailscale', 'fake-tailscale.testing.ts', {
    args: [folder],
    before: reads(folder),
  });
  return scene;
}
