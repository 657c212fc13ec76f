import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { manifest, packageMetadata } from './manifest.ts';

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'));

describe('what the host reads before it loads the plugin', () => {
  it('is what `npm run manifest` writes: openclaw.plugin.json', () => {
    expect(read('openclaw.plugin.json')).toEqual(JSON.parse(JSON.stringify(manifest())));
  });

  it('is what `npm run manifest` writes: package.json', () => {
    expect(read('package.json')).toMatchObject({ openclaw: packageMetadata() });
  });

  it('names every secret as one', () => {
    expect(manifest()).toMatchObject({
      channelConfigs: {
        telephony: {
          uiHints: {
            'twilio.authToken': { sensitive: true },
            'twilio.apiKeySecret': { sensitive: true },
            'telnyx.apiKey': { sensitive: true },
            'plivo.authToken': { sensitive: true },
            'mock.webhookSecret': { sensitive: true },
            'tunnel.ngrokAuthToken': { sensitive: true },
          },
        },
      },
    });
  });
});
