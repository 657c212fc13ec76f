import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createAdmission } from './admission.ts';

function request(headers: { readonly [name: string]: string }, method = 'POST'): IncomingMessage {
  const message = new IncomingMessage(new Socket());
  message.method = method;
  Object.assign(message.headers, headers);
  return message;
}
const signed = request({ 'x-sig': 's', 'x-nonce': 'n' });
const requiredHeaders = [['X-Sig', 'X-Sig-2'], ['X-Nonce']];

describe('admission', () => {
  it('asks for one header of each list, and no empty one', () => {
    const admission = createAdmission({ requiredHeaders });
    expect(admission.enter(signed, 'a')).toBeUndefined();
    expect(admission.enter(request({ 'x-sig-2': 's', 'x-nonce': 'n' }), 'a')).toBeUndefined();
    for (const headers of [
      {},
      { 'x-sig': 's' },
      { 'x-nonce': 'n' },
      { 'x-sig': '', 'x-nonce': 'n' },
    ]) {
      expect(admission.enter(request(headers), 'a')?.status).toBe(401);
    }
  });
  it('takes 64 reads at once, 8 for one peer, and gives places back', () => {
    const admission = createAdmission({ requiredHeaders });
    for (let i = 0; i < 8; i += 1) expect(admission.enter(signed, 'greedy')).toBeUndefined();
    expect(admission.enter(signed, 'greedy')?.status).toBe(429);
    for (let i = 0; i < 56; i += 1) expect(admission.enter(signed, `peer-${i}`)).toBeUndefined();
    expect(admission.enter(signed, 'new')?.status).toBe(429);
    admission.leave('greedy');
    expect(admission.enter(signed, 'greedy')).toBeUndefined();
  });
  it('does not hold the limit of one peer against a proxy', () => {
    const admission = createAdmission({ requiredHeaders, isProxy: (peer) => peer === 'proxy' });
    for (let i = 0; i < 64; i += 1) expect(admission.enter(signed, 'proxy')).toBeUndefined();
    expect(admission.enter(signed, 'proxy')?.status).toBe(429);
  });
  it('takes nothing but POST', () => {
    const admission = createAdmission({ requiredHeaders: [] });
    expect(admission.enter(request({}, 'GET'), 'a')?.status).toBe(405);
  });
});
