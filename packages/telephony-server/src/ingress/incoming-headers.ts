import type { IncomingMessage } from 'node:http';

/**
 * The headers of a request, each value of a repeated one included, as they are read by who verifies it: one or two by
 * name. For anything else a real `Headers` is made, which costs as much as checking a signature.
 */
export class IncomingHeaders implements Headers {
  readonly #raw: readonly string[];
  #made: Headers | undefined;

  constructor({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>) {
    this.#raw = rawHeaders;
  }

  get(name: string): string | null {
    if (this.#made !== undefined) return this.#made.get(name);
    const wanted = name.toLowerCase();
    const separator = wanted === 'cookie' ? '; ' : ', ';
    let found: string | null = null;
    for (let at = 0; at < this.#raw.length; at += 2) {
      const other = this.#raw[at] ?? '';
      if (other.length !== wanted.length || other.toLowerCase() !== wanted) continue;
      const value = this.#raw[at + 1] ?? '';
      found = found === null ? value : `${found}${separator}${value}`;
    }
    return found;
  }
  has(name: string): boolean {
    return this.get(name) !== null;
  }

  append(name: string, value: string): void {
    this.#headers.append(name, value);
  }
  delete(name: string): void {
    this.#headers.delete(name);
  }
  set(name: string, value: string): void {
    this.#headers.set(name, value);
  }
  getSetCookie(): string[] {
    return this.#headers.getSetCookie();
  }
  forEach(callback: (value: string, key: string, parent: Headers) => void, self?: unknown): void {
    for (const [name, value] of this.#headers) callback.call(self, value, name, this);
  }
  keys(): ReturnType<Headers['keys']> {
    return this.#headers.keys();
  }
  values(): ReturnType<Headers['values']> {
    return this.#headers.values();
  }
  entries(): ReturnType<Headers['entries']> {
    return this.#headers.entries();
  }
  [Symbol.iterator](): ReturnType<Headers['entries']> {
    return this.entries();
  }

  get #headers(): Headers {
    if (this.#made !== undefined) return this.#made;
    const headers = new Headers();
    for (let at = 0; at < this.#raw.length; at += 2) {
      headers.append(this.#raw[at] ?? '', this.#raw[at + 1] ?? '');
    }
    this.#made = headers;
    return headers;
  }
}
