import type { OpenClawPluginApi } from 'openclaw/plugin-sdk/channel-core';
import { channelId } from './channel-id.ts';
import type { Service } from './service.ts';

/** The one place where sockets and files are opened: the host calls this in the gateway alone. */
export function registerService(api: OpenClawPluginApi): void {
  let service: Service | undefined;
  api.registerService({
    id: `${channelId}-webhooks`,
    reload: { configPrefixes: [`channels.${channelId}`] },
    async start({ config, stateDir, logger }) {
      const [{ startService }, { getRuntimeConfigSnapshot }] = await Promise.all([
        import('./service.ts'),
        import('openclaw/plugin-sdk/runtime-config-snapshot'),
      ]);
      service = await startService({
        config,
        currentConfig: () => getRuntimeConfigSnapshot() ?? config,
        stateDir,
        host: api.runtime.channel,
        sessions: api.runtime.agent.session,
        log: logger,
      });
    },
    async stop() {
      const ending = service;
      service = undefined;
      await ending?.close();
    },
  });
}
