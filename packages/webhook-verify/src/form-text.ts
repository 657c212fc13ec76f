import { compareFields } from './form-order.ts';
import type { Form } from './form.ts';

/** Above this length one native copy is cheaper than a loop. */
const nativeCopyBytes = 200;

/** Copies what stands between two bounds; answers the position behind it. */
function copyParts(form: Form, from: number, to: number, target: Buffer, at: number): number {
  const { bytes, bounds } = form;
  const start = bounds[from] ?? 0;
  const end = bounds[to] ?? 0;
  if (end - start > nativeCopyBytes) return at + bytes.copy(target, at, start, end);
  for (let index = start; index < end; index += 1) {
    target[at] = bytes[index] ?? 0;
    at += 1;
  }
  return at;
}

/** Writes names and values without anything between them; answers the position behind them. */
export function writeFields(
  form: Form,
  order: readonly number[],
  target: Buffer,
  at: number,
): number {
  for (let index = 0; index < order.length; index += 1) {
    const field = order[index] ?? 0;
    at = copyParts(form, 2 * field, 2 * field + 2, target, at);
  }
  return at;
}

/** Writes `name=value&name=value`; answers the position behind it. */
export function writePairs(
  form: Form,
  order: readonly number[],
  target: Buffer,
  at: number,
): number {
  for (const [index, field] of order.entries()) {
    if (index > 0) at += target.write('&', at, 'latin1');
    at = copyParts(form, 2 * field, 2 * field + 1, target, at);
    at += target.write('=', at, 'latin1');
    at = copyParts(form, 2 * field + 1, 2 * field + 2, target, at);
  }
  return at;
}

/** Without the fields that are the same as the one before, in name and value. */
export function dropTwins(form: Form, order: readonly number[]): readonly number[] {
  return order.filter(
    (field, place) => place === 0 || compareFields(form, order[place - 1] ?? 0, field) !== 0,
  );
}
