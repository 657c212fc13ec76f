/** What a host was asked for, and the credentials that it was shown. */
export interface FakeFetchRequest {
  readonly url: string;
  readonly authorization: string | null;
}

/**
 * A `fetch` that answers from a table, and 404 to all that is not in it: for tests of who sees the credentials.
 *
 * @example
 * const { fetch, asked } = createFakeFetch({ 'https://files.example.com/1': new Response('a file') });
 */
export function createFakeFetch(table: { readonly [url: string]: Response }): {
  readonly fetch: typeof globalThis.fetch;
  readonly asked: readonly FakeFetchRequest[];
} {
  const asked: FakeFetchRequest[] = [];
  return {
    asked,
    async fetch(input, init) {
      const url = input instanceof Request ? input.url : input.toString();
      asked.push({ url, authorization: new Headers(init?.headers).get('authorization') });
      return table[url] ?? new Response(null, { status: 404 });
    },
  };
}
