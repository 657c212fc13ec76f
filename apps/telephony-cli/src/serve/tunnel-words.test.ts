import { describe, expect, it } from 'vitest';
import { inOurWords } from './tunnel-words.ts';

describe('what a tunnel says', () => {
  it.each([
    [
      'There is no program x on the PATH: install X, or name its file in x.executable.',
      'install X.',
    ],
    ['ngrok.domain must be a public host name alone.', 'tunnel.ngrokDomain must be'],
    ['path must be tailscale.path itself.', 'serve.path must be tailscale.path'],
    ['ngrok.authToken is needed, without blanks.', 'tunnel.ngrokAuthToken is needed'],
    ['Wait, or use a tunnel of your own account (cloudflared.token).', 'your own account.'],
  ])('names settings of the configuration, and none that it lacks: %s', (said, shown) => {
    expect(inOurWords(said)).toContain(shown);
  });
});
