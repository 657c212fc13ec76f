/** What stands in for a value: everything that a carrier's new version or a broken gateway could send. */
const oddValues = [null, '', ' ', 0, -1, true, [], {}, [null], 'teleported', 'é'.repeat(300)];
const oddTexts = ['', ' ', '-1', '1e9', 'teleported', '+', 'é'.repeat(300), '\u0000'];

/** Every body that differs from the given one in one field: left out, or with an odd value. Forms and JSON alike. */
export function mutationsOf(body: string): readonly string[] {
  const json = parse(body);
  return json === undefined ? formMutations(body) : jsonMutations(json);
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function formMutations(body: string): readonly string[] {
  const fields = [...new URLSearchParams(body)];
  return fields.flatMap(([name], index) => {
    const left = fields.toSpliced(index, 1);
    const odd = oddTexts.map((value) => fields.with(index, [name, value]));
    return [left, ...odd].map((changed) => new URLSearchParams(changed).toString());
  });
}

function jsonMutations(value: unknown): readonly string[] {
  return variantsOf(value).map((variant) => JSON.stringify(variant));
}

/** The value with one part of it replaced, for every part at every depth. */
function variantsOf(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return oddValues;
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    return [
      ...oddValues,
      ...list.flatMap((item, index) => variantsOf(item).map((odd) => list.with(index, odd))),
    ];
  }
  const entries = Object.entries(value);
  return [
    ...oddValues,
    ...entries.map((_, index) => Object.fromEntries(entries.toSpliced(index, 1))),
    ...entries.flatMap(([key, item], index) =>
      variantsOf(item).map((odd) => Object.fromEntries(entries.with(index, [key, odd]))),
    ),
  ];
}
