import { ApiError } from './api-reply.ts';

/** One page of a list, with the fields that the 2010-04-01 API puts around it. */
export function listPage(
  name: string,
  items: readonly unknown[],
  path: string,
  query: URLSearchParams,
): unknown {
  const size = readCount(query, 'PageSize', 50);
  const page = readCount(query, 'Page', 0);
  if (size < 1 || size > 1_000) throw new ApiError(20_001, 'PageSize is from 1 to 1000');
  const start = page * size;
  const shown = items.slice(start, start + size);
  const uri = (number: number): string => {
    const parameters = new URLSearchParams(query);
    parameters.set('PageSize', String(size));
    parameters.set('Page', String(number));
    return `${path}?${parameters.toString()}`;
  };
  return {
    [name]: shown,
    end: Math.max(start, start + shown.length - 1),
    first_page_uri: uri(0),
    next_page_uri: start + size < items.length ? uri(page + 1) : null,
    page,
    page_size: size,
    previous_page_uri: page > 0 ? uri(page - 1) : null,
    start,
    uri: uri(page),
  };
}

function readCount(query: URLSearchParams, name: string, otherwise: number): number {
  const value = query.get(name);
  if (value === null) return otherwise;
  if (!/^\d{1,6}$/u.test(value)) throw new ApiError(20_001, `${name} is not a number`);
  return Number(value);
}
