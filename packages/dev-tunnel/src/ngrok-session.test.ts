import { afterEach, describe, expect, it } from 'vitest';
import { createNgrokConnector, type NgrokRequest } from './ngrok-session.ts';

const asked: string[] = [];
let handlers: { lost?: () => boolean; beat?: () => void } = {};
let url: string | null = 'https://calm-sea.ngrok-free.app';
let failing: 'nothing' | 'endpoint' | 'listener close' = 'nothing';

class SessionBuilder {
  serverAddr(address: string): this {
    asked.push(`server ${address}`);
    return this;
  }
  authtoken(token: string): this {
    asked.push(`token ${token}`);
    return this;
  }
  handleDisconnection(lost: () => boolean): this {
    handlers = { ...handlers, lost };
    return this;
  }
  handleHeartbeat(beat: () => void): this {
    handlers = { ...handlers, beat };
    return this;
  }
  async connect() {
    const endpoint = {
      domain(name: string) {
        asked.push(`domain ${name}`);
        return endpoint;
      },
      async listenAndForward(target: string) {
        if (failing === 'endpoint') throw new Error('ERR_NGROK_334');
        asked.push(`forward ${target}`);
        return {
          url: () => url,
          async close() {
            asked.push('close listener');
            if (failing === 'listener close') throw new Error('gone');
          },
        };
      },
    };
    return { httpEndpoint: () => endpoint, close: async () => void asked.push('close session') };
  }
}

const connect = createNgrokConnector(async () => ({ SessionBuilder }));

afterEach(() => {
  asked.length = 0;
  failing = 'nothing';
  url = 'https://calm-sea.ngrok-free.app';
});

const told: string[] = [];
const request: NgrokRequest = {
  authToken: 'T',
  target: 'http://127.0.0.1:3335',
  onLost: () => told.push('lost'),
  onRestored: (at) => told.push(`restored ${at}`),
};

describe('a session with the module of ngrok', () => {
  it('is our own, with our token and domain, and all of it is closed', async () => {
    const session = await connect({
      ...request,
      domain: 'sms.example.com',
      serverAddress: 'ingress.example.com:443',
    });
    expect(session.url).toBe('https://calm-sea.ngrok-free.app');
    await session.close();
    expect(asked).toEqual([
      'server ingress.example.com:443',
      'token T',
      'domain sms.example.com',
      'forward http://127.0.0.1:3335',
      'close listener',
      'close session',
    ]);
  });
  it('is closed when its endpoint cannot be opened', async () => {
    failing = 'endpoint';
    await expect(connect(request)).rejects.toThrow('ERR_NGROK_334');
    expect(asked).toEqual(['token T', 'close session']);
  });
  it('is closed even when its endpoint does not confirm its end', async () => {
    failing = 'listener close';
    const session = await connect(request);
    await expect(session.close()).rejects.toThrow('gone');
    expect(asked.at(-1)).toBe('close session');
  });
  it('tells once that it is back, with the address it has then', async () => {
    const session = await connect(request);
    handlers.beat?.();
    expect(told).toEqual([]);
    expect(handlers.lost?.()).toBe(true);
    url = 'https://red-fox.ngrok-free.app';
    handlers.beat?.();
    handlers.beat?.();
    expect(told).toEqual(['lost', 'restored https://red-fox.ngrok-free.app']);
    await session.close();
  });
});
