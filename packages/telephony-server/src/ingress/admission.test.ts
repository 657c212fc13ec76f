import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import {
  type Admission,
  createAdmission,
  type CutReason,
  type Place,
  type Visit,
} from './admission.ts';

function request(headers: { readonly [name: string]: string }, method = 'POST'): IncomingMessage {
  const message = new IncomingMessage(new Socket());
  message.method = method;
  Object.assign(message.headers, headers);
  return message;
}
const requiredHeaders = [['X-Sig', 'X-Sig-2'], ['X-Nonce']];

/** Enters, and begins a read that never ends by itself. */
function enter(admission: Admission, peer: string, over: Partial<Visit> = {}) {
  const entered = admission.enter({ peer, isShared: false, isSuspect: false, ...over });
  const place: Place | undefined = 'leave' in entered ? entered : undefined;
  const state = { place, wasCut: false, status: 'leave' in entered ? 200 : entered.status };
  if (place !== undefined) {
    place.cut = () => {
      state.wasCut = true;
    };
  }
  return state;
}
/** A read that says how it was ended. */
async function readUntilCut(admission: Admission, over: Partial<Visit> = {}): Promise<CutReason> {
  const place = admission.enter({ peer: 'p', isShared: true, isSuspect: false, ...over });
  if (!('leave' in place)) throw new Error('there was no place');
  return new Promise((resolve) => {
    place.cut = resolve;
  });
}
const many = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => make(index));

describe('admission', () => {
  it('asks for one header of each list, and no empty one', () => {
    const admission = createAdmission({ requiredHeaders });
    expect(admission.judge(request({ 'x-sig': 's', 'x-nonce': 'n' }))).toBeUndefined();
    expect(admission.judge(request({ 'x-sig-2': 's', 'x-nonce': 'n' }))).toBeUndefined();
    for (const headers of [
      {},
      { 'x-sig': 's' },
      { 'x-nonce': 'n' },
      { 'x-sig': '', 'x-nonce': 'n' },
    ]) {
      expect(admission.judge(request(headers))?.status).toBe(401);
    }
  });
  it('takes nothing but POST', () => {
    const admission = createAdmission({ requiredHeaders: [] });
    expect(admission.judge(request({}, 'GET'))?.status).toBe(405);
  });
  it('reads 64 bodies at once: the 65th costs the slowest its place (C13)', () => {
    const admission = createAdmission({ requiredHeaders });
    const held = many(64, (index) => enter(admission, `peer-${index}`));
    expect(held.some(({ wasCut }) => wasCut)).toBe(false);
    const newcomer = enter(admission, 'new');
    expect(newcomer.status).toBe(200);
    expect(held.map(({ wasCut }) => wasCut)).toEqual([true, ...many(63, () => false)]);
  });
  it('reads 8 bodies of one peer at once, and takes the place of a ninth from that peer (C13)', () => {
    const admission = createAdmission({ requiredHeaders });
    const other = enter(admission, 'other');
    const held = many(8, () => enter(admission, 'greedy'));
    enter(admission, 'greedy');
    expect(other.wasCut).toBe(false);
    expect(held[0]?.wasCut).toBe(true);
    expect(held.slice(1).some(({ wasCut }) => wasCut)).toBe(false);
  });
  it('gives places back, once (C13)', () => {
    const admission = createAdmission({ requiredHeaders });
    const held = many(8, () => enter(admission, 'a'));
    held[7]?.place?.leave();
    held[7]?.place?.leave();
    enter(admission, 'a');
    expect(held.some(({ wasCut }) => wasCut)).toBe(false);
    enter(admission, 'a');
    expect(held[0]?.wasCut).toBe(true);
  });
  it('refuses when there is nobody who could give way', () => {
    const admission = createAdmission({ requiredHeaders, maxReads: 1 });
    const place = admission.enter({ peer: 'a', isShared: false, isSuspect: false });
    expect(place).toHaveProperty('leave');
    expect(enter(admission, 'b').status).toBe(429);
  });
  it('does not hold the limit of one peer against a proxy', () => {
    const admission = createAdmission({ requiredHeaders });
    const held = many(64, () => enter(admission, 'proxy', { isShared: true }));
    expect(held.some(({ wasCut }) => wasCut)).toBe(false);
  });
  it('keeps the places of everybody for a proxy, whatever came through it', () => {
    const admission = createAdmission({ requiredHeaders, maxSuspectReads: 1 });
    const proxied = { isShared: true, isSuspect: true };
    const visits = many(65, () => enter(admission, 'proxy', proxied));
    expect(visits.map(({ wasCut }) => wasCut)).toEqual([true, ...many(64, () => false)]);
  });
  it('lets suspects take places from each other alone', () => {
    const admission = createAdmission({ requiredHeaders });
    const held = many(64, () => enter(admission, 'proxy', { isShared: true }));
    const suspects = many(17, (index) => enter(admission, `s-${index}`, { isSuspect: true }));
    expect(held.some(({ wasCut }) => wasCut)).toBe(false);
    expect(suspects.map(({ wasCut }) => wasCut)).toEqual([true, ...many(16, () => false)]);
  });
  it('ends every read that dawdles, and says so (C12)', async () => {
    const admission = createAdmission({ requiredHeaders, maxReadMs: 5 });
    const first = readUntilCut(admission);
    const suspect = readUntilCut(admission, { isShared: false, isSuspect: true });
    expect(await first).toBe('too-slow');
    const later = readUntilCut(admission);
    expect(await Promise.all([suspect, later])).toEqual(['too-slow', 'too-slow']);
  });
  it('gives the places of those who dawdled to others', async () => {
    const admission = createAdmission({ requiredHeaders, maxReads: 1, maxReadMs: 5 });
    expect(await readUntilCut(admission)).toBe('too-slow');
    expect(enter(admission, 'next')).toMatchObject({ status: 200 });
  });
});
