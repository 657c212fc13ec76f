import type { defineChannelPluginEntry, OpenClawPluginApi } from 'openclaw/plugin-sdk/channel-core';
import { channelId } from './channel-id.ts';
import { registerCli } from './cli.ts';
import { registerGatewayMethods } from './gateway-methods.ts';
import { telephonyPlugin } from './plugin.ts';
import { registerService } from './register-service.ts';
import { createTool } from './tool.ts';

type Entry = ReturnType<typeof defineChannelPluginEntry<typeof telephonyPlugin>>;

/**
 * The plugin. Nothing runs before the host starts its service.
 *
 * It is the object that the SDK's `defineChannelPluginEntry` makes, without loading the SDK for it: every command of
 * `openclaw` imports this file.
 */
const entry: Entry = {
  id: channelId,
  name: 'Telephony',
  description: 'Text your agent over Twilio, Telnyx or Plivo',
  // The settings stand under `channels.telephony`, and the manifest has their schema.
  configSchema: { schema: { type: 'object', additionalProperties: false, properties: {} } },
  channelPlugin: telephonyPlugin,
  register(api) {
    const { registrationMode: mode } = api;
    if (mode === 'tool-discovery') return registerAll(api);
    if (mode !== 'cli-metadata') api.registerChannel({ plugin: telephonyPlugin });
    if (mode === 'cli-metadata' || mode === 'discovery' || mode === 'full') registerCli(api);
    if (mode === 'full') registerAll(api);
  },
};

/** Beside the channel: what agents, owners and the gateway's clock use. */
function registerAll(api: OpenClawPluginApi): void {
  api.registerTool(createTool(api.logger));
  registerGatewayMethods(api);
  registerService(api);
}

export default entry;
