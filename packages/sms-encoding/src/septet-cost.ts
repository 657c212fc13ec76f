import { defaultAlphabet, defaultExtension } from './alphabet.data.ts';

/** The septet that announces a character of an extension table (3GPP TS 23.038 §6.2.1). */
export const escapeSeptet = 0x1b;

/**
 * The cost of a UTF-16 code unit that has no GSM-7 form. Larger than any sum of real costs over one block of
 * `blockLength` code units, so that a whole block can be summed before one comparison tells whether it is GSM-7.
 */
export const notGsm7 = 0x4000;

/** How many code units may be summed before a comparison with `notGsm7`. */
export const blockLength = 4096;

/** Septets a UTF-16 code unit takes in the default alphabet: 1, 2 (escaped), or `notGsm7`. */
export const septetCost: Uint16Array = /* @__PURE__ */ buildSeptetCost();

function buildSeptetCost(): Uint16Array {
  const cost = new Uint16Array(0x1_0000).fill(notGsm7);
  for (let septet = 0; septet < defaultAlphabet.length; septet++) {
    if (septet !== escapeSeptet) cost[defaultAlphabet.charCodeAt(septet)] = 1;
  }
  for (const [, character] of defaultExtension) cost[character.charCodeAt(0)] = 2;
  return cost;
}

/** The table read with a fallback, for where speed does not matter. */
export function costOf(codeUnit: number): number {
  return septetCost[codeUnit] ?? notGsm7;
}
