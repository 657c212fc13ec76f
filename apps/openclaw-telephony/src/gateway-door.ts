import type { NodeHandler } from '@openclaw/telephony-server';
import { registerPluginHttpRoute } from 'openclaw/plugin-sdk/webhook-ingress';
import { channelId } from './channel-id.ts';
import type { Door } from './listener.ts';

/** Serves the accounts on the port of the gateway, which then must be reachable for the carrier. */
export function openGatewayDoor(log: (line: string) => void): Door {
  let routes: readonly (() => void)[] = [];
  const closeAll = (): void => {
    for (const close of routes) close();
    routes = [];
  };
  const register = (path: string, match: 'exact' | 'prefix', handler: NodeHandler): (() => void) =>
    registerPluginHttpRoute({
      path,
      match,
      // The signature of the carrier is what lets a request in.
      auth: 'plugin',
      pluginId: channelId,
      source: channelId,
      replaceExisting: true,
      throwOnFailure: true,
      log,
      handler(request, response) {
        handler(request, response);
        return true;
      },
    });
  return {
    open(places) {
      closeAll();
      routes = places.flatMap(({ serve, mediaPath, handler }) => [
        register(serve.path, 'exact', handler),
        register(serve.statusPath, 'prefix', handler),
        register(mediaPath, 'prefix', handler),
      ]);
    },
    close() {
      closeAll();
      return Promise.resolve();
    },
  };
}
