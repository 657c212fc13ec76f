import type { NodeHandler } from '@openclaw/telephony-server';
import { registerPluginHttpRoute } from 'openclaw/plugin-sdk/webhook-ingress';
import { channelId } from './channel-id.ts';
import type { Place } from './listener.ts';

/** The paths of accounts on the port of the gateway. */
export interface GatewayDoor {
  /**
   * Takes the paths of one account.
   *
   * @throws {Error} when one of them is another plugin's; then none is taken
   */
  add(place: Place): void;
  /** Gives all of them back; the door can be used again. */
  close(): void;
}

/** Serves the accounts on the port of the gateway, which then must be reachable for the carrier. */
export function openGatewayDoor(log: (line: string) => void): GatewayDoor {
  let routes: (() => void)[] = [];
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
    add({ serve, mediaPath, handler }) {
      const taken: (() => void)[] = [];
      try {
        taken.push(register(serve.path, 'exact', handler));
        taken.push(register(serve.statusPath, 'prefix', handler));
        taken.push(register(mediaPath, 'prefix', handler));
      } catch (error) {
        for (const giveBack of taken) giveBack();
        throw error;
      }
      routes.push(...taken);
    },
    close() {
      for (const giveBack of routes) giveBack();
      routes = [];
    },
  };
}
