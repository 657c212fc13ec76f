import { type CallOptions, isJsonObject, type JsonObject } from '@openclaw/telephony-core';
import { malformed, type RestClient } from './rest-client.ts';

const pageSize = 20;
/** Enough for 2,000 of whatever is listed. */
const mostPageCount = 100;

/** What a search in a list found; `too-many` when the list goes on after all the pages that are looked at. */
export type Found = { readonly record: JsonObject } | 'none' | 'too-many';

/** Searches a list of the account, page by page, for the first that fits. */
export async function findListed(
  rest: RestClient,
  path: '/Number/' | '/Application/',
  fits: (record: JsonObject) => boolean,
  callOptions?: CallOptions,
): Promise<Found> {
  for (let page = 0; page < mostPageCount; page += 1) {
    const offset = String(page * pageSize);
    const query = new URLSearchParams({ limit: String(pageSize), offset });
    const { objects } = await rest({ path, query }, callOptions);
    // Taken for an empty one, it would hide whom a change concerns.
    if (!Array.isArray(objects)) throw malformed('the list that was asked for', false);
    const record = objects.filter(isJsonObject).find(fits);
    if (record !== undefined) return { record };
    if (objects.length < pageSize) return 'none';
  }
  return 'too-many';
}
