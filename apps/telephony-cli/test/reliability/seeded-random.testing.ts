/** Numbers that look random and are the same in every run with the same seed: a 32-bit state that is stirred each time. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

/** A whole number from 0 to below `count`. */
export const below = (random: () => number, count: number): number => Math.floor(random() * count);

/** The items in another order; the ones given stay as they are. */
export function shuffled<Item>(random: () => number, items: readonly Item[]): Item[] {
  const left = [...items];
  const result: Item[] = [];
  while (left.length > 0) {
    const at = below(random, left.length);
    const last = left.pop();
    const taken = left[at] ?? last;
    if (at < left.length && last !== undefined) left[at] = last;
    if (taken !== undefined) result.push(taken);
  }
  return result;
}
