import assert from 'node:assert/strict';
import type { RecordedRequest } from './fixtures.ts';

/** Every value in the body of a request, whether it is a form or JSON, and however deep. */
export function valuesIn({ body, headers }: RecordedRequest): readonly string[] {
  const type = headers.get('content-type')?.split(';')[0]?.trim() ?? '';
  if (type === 'application/x-www-form-urlencoded') {
    return Array.from(new URLSearchParams(body), ([, value]) => value);
  }
  if (/^application\/(?:[\w.-]+\+)?json$/u.test(type)) return leavesOf(JSON.parse(body));
  return assert.fail(
    `a request has a body of the content type ${type || '(none)'}: a form or JSON is expected`,
  );
}

function leavesOf(value: unknown): readonly string[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(leavesOf);
  return [String(value)];
}
