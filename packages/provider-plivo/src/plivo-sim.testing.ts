import {
  type PlivoSim,
  type PlivoSimOptions,
  startPlivoSim,
  type WebhookMessage,
} from '@openclaw/carrier-sim';
import type { RoundTripOptions } from '@openclaw/provider-testkit';
import type { WebhookRequest } from '@openclaw/telephony-core';
import { authId, authToken, create, ourNumber, powerpackUuid } from './fake-plivo.testing.ts';

/** A simulated Plivo with our number. */
export function startSim(options: Partial<PlivoSimOptions> = {}): Promise<PlivoSim> {
  const numbers = [{ number: ourNumber, powerpackUuid }];
  return startPlivoSim({ authId, authToken, numbers, ...options });
}

/** A provider that speaks to the simulated Plivo. */
export function createProvider({ hasWrongCredentials = false, ...options }: RoundTripOptions) {
  return create({ ...options, ...(hasWrongCredentials ? { authToken: 'wrong' } : {}) });
}

/** What the simulated Plivo sends, as a server sees it. */
export function toRequest({ method, url, headers, body }: WebhookMessage): WebhookRequest {
  const received = new Headers(headers.map(([name, value]): [string, string] => [name, value]));
  return { method, url, headers: received, body, receivedAt: new Date(0) };
}
