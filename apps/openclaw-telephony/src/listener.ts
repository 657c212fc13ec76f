import type { IncomingMessage, ServerResponse } from 'node:http';
import { listen, type NodeHandler } from '@openclaw/telephony-server';
import type { ServeSettings } from './account.ts';

/** The paths of one account, and who answers there. */
export interface Place {
  readonly serve: ServeSettings;
  readonly mediaPath: string;
  readonly handler: NodeHandler;
}

/** Where webhooks come in. */
export interface Door {
  /** The port that is listened on; absent on the gateway's own. */
  readonly port?: number;
  /** Who answers from now on. */
  open(places: readonly Place[], otherwise: NodeHandler): void;
  close(): Promise<void>;
}

/**
 * Listens on one port for all accounts, each found by its paths. Until it is opened, carriers are asked to come again.
 *
 * @throws {Error} when the port cannot be had, with a message that says what to change
 */
export async function openOwnDoor({ port, bind }: ServeSettings): Promise<Door> {
  let answer: NodeHandler = later;
  const listener = await listen((request, response) => answer(request, response), { port, bind });
  return {
    port: Number(new URL(listener.url).port),
    open(places, otherwise) {
      answer = route(places, otherwise);
    },
    close: () => listener.close(),
  };
}

const later: NodeHandler = (_request, response) =>
  void response.writeHead(503, { 'retry-after': '2' }).end('starting: try again later\n');

/** Each request to the account whose path it names, and any other to somebody else. */
export function route(places: readonly Place[], otherwise: NodeHandler): NodeHandler {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const path = (request.url ?? '/').split(/[?#]/u, 1)[0] ?? '/';
    // The paths of a named account lie below those of the default one: the longest that fits is meant.
    const [found] = places
      .map((place) => ({ handler: place.handler, length: fit(place, path) }))
      .filter(({ length }) => length > 0)
      .toSorted((one, other) => other.length - one.length);
    (found?.handler ?? otherwise)(request, response);
  };
}

/** How much of a path an account's own names: whole paths, or one with one more part below it. */
function fit({ serve, mediaPath }: Place, path: string): number {
  const whole = [serve.path, serve.statusPath].filter((own) => path === own || path === `${own}/`);
  const above = [serve.statusPath, mediaPath].filter((own) => path.startsWith(`${own}/`));
  return Math.max(0, ...whole.map(({ length }) => length), ...above.map(({ length }) => length));
}
