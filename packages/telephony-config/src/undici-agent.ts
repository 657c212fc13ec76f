import { Agent, type Dispatcher } from 'undici';

/**
 * Makes the client that keeps connections. In a module of its own, so that it is loaded with the first request; imported
 * by name, so that it is found in a bundle too.
 */
export function createAgent(limits: {
  readonly maxConnectionCount: number;
  readonly connectTimeoutMs: number;
}): Pick<Dispatcher, 'dispatch'> {
  return new Agent({
    connections: limits.maxConnectionCount,
    pipelining: 1,
    allowH2: false,
    connect: { timeout: limits.connectTimeoutMs },
    // One time for the whole request is measured by who sends it.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}
