import { TunnelError } from './tunnel-error.ts';

/** What {@link ConnectNgrok} is asked for. */
export interface NgrokRequest {
  readonly authToken: string;
  readonly domain?: string;
  readonly serverAddress?: string;
  /** Where requests go, such as `http://127.0.0.1:3335`. */
  readonly target: string;
  /** To be called when the connection is lost; ngrok connects again by itself. */
  onLost(): void;
  /** To be called when it is back, with the address it has now. */
  onRestored(url: string | null): void;
}
/** An open session with one endpoint. */
export interface NgrokSession {
  /** The public address, such as `https://example.ngrok.app`. */
  readonly url: string | null;
  close(): Promise<void>;
}
/** The one function that knows ngrok's module. */
export type ConnectNgrok = (request: NgrokRequest) => Promise<NgrokSession>;

/** The part of `@ngrok/ngrok` that is used. */
export interface NgrokModule {
  readonly SessionBuilder: new () => NgrokSessionBuilder;
}
interface NgrokSessionBuilder {
  serverAddr(address: string): NgrokSessionBuilder;
  authtoken(token: string): NgrokSessionBuilder;
  handleDisconnection(handler: () => boolean): NgrokSessionBuilder;
  handleHeartbeat(handler: () => void): NgrokSessionBuilder;
  connect(): Promise<{ httpEndpoint(): NgrokEndpoint; close(): Promise<void> }>;
}
interface NgrokEndpoint {
  domain(name: string): NgrokEndpoint;
  listenAndForward(target: string): Promise<{ url(): string | null; close(): Promise<void> }>;
}

/**
 * Opens sessions with ngrok's module, which is loaded at the first call.
 *
 * The session is our own, made with our token: the module's `forward()` shares sessions and default tokens within the
 * process.
 */
export function createNgrokConnector(load: () => Promise<NgrokModule> = loadModule): ConnectNgrok {
  return async (request) => {
    const { SessionBuilder } = await load();
    let lost = false;
    let current: (() => string | null) | undefined;
    const builder = new SessionBuilder();
    if (request.serverAddress !== undefined) builder.serverAddr(request.serverAddress);
    const session = await builder
      .authtoken(request.authToken)
      .handleDisconnection(() => {
        lost = true;
        request.onLost();
        return true;
      })
      .handleHeartbeat(() => {
        if (!lost || current === undefined) return;
        lost = false;
        request.onRestored(current());
      })
      .connect();
    try {
      const endpoint = session.httpEndpoint();
      if (request.domain !== undefined) endpoint.domain(request.domain);
      const listener = await endpoint.listenAndForward(request.target);
      current = () => listener.url();
      return {
        url: listener.url(),
        async close() {
          try {
            await listener.close();
          } finally {
            await session.close();
          }
        },
      };
    } catch (error) {
      await session.close().catch(() => undefined);
      throw error;
    }
  };
}

/** The module is native code of 11 MB, and nobody but the users of ngrok shall load it. */
async function loadModule(): Promise<NgrokModule> {
  try {
    return await import('@ngrok/ngrok');
  } catch {
    throw new TunnelError(
      'not_installed',
      'The module @ngrok/ngrok cannot be loaded here: install it with its optional dependencies, which hold the native code for this platform.',
    );
  }
}
