import { isE164 } from '../carrier/address.ts';

/** A number as Plivo writes it: without the plus sign. Anything else stays as it is. */
export function toPlivoAddress(address: string): string {
  return isE164(address) ? address.slice(1) : address;
}

/** A number as everybody else writes it: E.164. Short codes and sender names stay as they are. */
export function fromPlivoAddress(address: string): string {
  const digits = address.replaceAll(/[\s/.()+-]/gu, '');
  return isE164(`+${digits}`) ? `+${digits}` : address;
}
