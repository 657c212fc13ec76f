/** Values of which only the smallest matters: what is due first, or came first. */
export class MinHeap<Value> {
  readonly #rankOf: (value: Value) => number;
  #values: Value[] = [];

  constructor(rankOf: (value: Value) => number) {
    this.#rankOf = rankOf;
  }

  get size(): number {
    return this.#values.length;
  }

  peek(): Value | undefined {
    return this.#values[0];
  }

  push(value: Value): void {
    const values = this.#values;
    let at = values.length;
    values.push(value);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = values[above];
      if (parent === undefined || this.#rankOf(parent) <= this.#rankOf(value)) break;
      values[at] = parent;
      at = above;
    }
    values[at] = value;
  }

  pop(): Value | undefined {
    const values = this.#values;
    const first = values[0];
    const last = values.pop();
    if (last !== undefined && values.length > 0) this.#sink(last);
    return first;
  }

  /** Takes out whatever fits, in no order. */
  extract(fits: (value: Value) => boolean): Value[] {
    const extracted = this.#values.filter(fits);
    if (extracted.length === 0) return extracted;
    const left = this.#values.filter((value) => !fits(value));
    this.#values = [];
    for (const value of left) this.push(value);
    return extracted;
  }

  /** Puts a value in at the top, where there is a gap, and lets it find its place. */
  #sink(value: Value): void {
    const values = this.#values;
    let at = 0;
    for (;;) {
      const child = this.#smallerChild(at);
      const below = child === undefined ? undefined : values[child];
      if (child === undefined || below === undefined) break;
      if (this.#rankOf(value) <= this.#rankOf(below)) break;
      values[at] = below;
      at = child;
    }
    values[at] = value;
  }

  #smallerChild(at: number): number | undefined {
    const [left, right] = [2 * at + 1, 2 * at + 2];
    const one = this.#values[left];
    const other = this.#values[right];
    if (one === undefined) return undefined;
    if (other === undefined) return left;
    return this.#rankOf(other) < this.#rankOf(one) ? right : left;
  }
}
