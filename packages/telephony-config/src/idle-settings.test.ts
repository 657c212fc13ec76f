import { describe, expect, it } from 'vitest';
import { parseConfig } from './accounts.ts';
import { idleSettings } from './idle-settings.ts';

const base = { provider: 'twilio', fromNumber: '+15550100100' };
const pool = { messagingServiceSid: `MG${'0'.repeat(32)}` };

describe('settings that change nothing', () => {
  it.each([
    [{ tailscale: { path: '/telephony' } }, ['tailscale.path does nothing: the tunnel is "none"']],
    [
      { tailscale: { port: 8443 }, tunnel: { provider: 'cloudflared' } },
      ['tailscale.port does nothing: the tunnel is "cloudflared"'],
    ],
    [{ tunnel: { ngrokDomain: 'a.ngrok.app' } }, ['tunnel.ngrokDomain (NGROK_DOMAIN) does']],
    [
      { webhookSecurity: { allowedHosts: ['a.example'], trustedProxyIPs: ['10.0.0.1'] } },
      ['webhookSecurity.allowedHosts does nothing', 'webhookSecurity.trustedProxyIPs does nothing'],
    ],
    [{ voice: { enabled: true }, twilio: pool }, ['voice.enabled lets calls in, and none can be']],
  ])('are named: %j', (over, sentences) => {
    const found = idleSettings(parseConfig({ ...base, ...over }));
    expect(found).toEqual(sentences.map((sentence) => expect.stringContaining(sentence)));
  });
  it.each([
    {},
    { tailscale: { mode: 'funnel', path: '/telephony', port: 8443 } },
    { tunnel: { provider: 'ngrok', ngrokDomain: 'a.ngrok.app' } },
    {
      tunnel: { provider: 'ngrok', allowNgrokFreeTierLoopbackBypass: true },
      webhookSecurity: { allowedHosts: ['a.example'] },
    },
    { voice: { enabled: true }, twilio: pool, sender: 'number' },
  ])('are not those that do: %j', (over) => {
    expect(idleSettings(parseConfig({ ...base, ...over }))).toEqual([]);
  });
  it('are judged by the tunnel that is opened', () => {
    const config = parseConfig({ ...base, tunnel: { ngrokDomain: 'a.ngrok.app' } });
    expect(idleSettings(config, 'ngrok')).toEqual([]);
  });
});
