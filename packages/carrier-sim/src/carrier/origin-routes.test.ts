import { describe, expect, it } from 'vitest';
import { routeTo } from './origin-routes.ts';

const origins = {
  'https://hooks.example.com': 'http://127.0.0.1:3000',
  'https://other.example.com:8443/': 'http://127.0.0.1:3001',
  'https://tunnel.example.com': 'https://tunnel.example.com',
  'https://broken.example.com': 'nowhere',
};
const portFor = (url: string): number | string => {
  const route = routeTo(url, origins);
  return typeof route === 'string' ? route : route.connectTo.port;
};

describe('a webhook URL', () => {
  it('of a named origin goes where that origin is served', () => {
    expect(portFor('https://hooks.example.com/sms')).toBe(3_000);
    expect(portFor('https://HOOKS.example.com/sms')).toBe(3_000);
    expect(portFor('https://other.example.com:8443/sms')).toBe(3_001);
    expect(portFor('https://tunnel.example.com/sms')).toBe(443);
  });

  it('of this machine goes there', () => {
    for (const host of ['127.0.0.1', '127.1.2.3', 'localhost', '[::1]']) {
      expect(portFor(`http://${host}:3002/`)).toBe(3_002);
    }
  });

  it('of any other host goes nowhere', () => {
    for (const url of [
      'https://example.com/',
      'http://hooks.example.com/',
      'https://hooks.example.com:444/',
      'http://127.0.0.1.example.com/',
      'http://127.0.0.1@example.com/',
      'http://localhost.example.com/',
    ]) {
      expect(portFor(url)).toBe('not-routed');
    }
  });

  it('that is none is invalid, and so is a place that is none', () => {
    expect(portFor('hooks.example.com')).toBe('invalid-request');
    expect(portFor('https://broken.example.com/')).toBe('invalid-request');
  });
});
