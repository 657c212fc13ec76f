import fc from 'fast-check';

/** Characters that forms, URLs and sorting treat in different ways. */
const letter = fc.constantFrom(
  ...Array.from('abzABZ019-_.~*!()\'"&=+%#?/:@ ,;|[]{}'),
  'ü',
  'é',
  '\u0301',
  '你',
  '\ue000',
  '\uffff',
  '😀',
  '\n',
  '\0',
);
export const text = fc.string({ unit: letter, maxLength: 12 });
const name = fc.oneof(
  fc.constantFrom('From', 'To', 'Body', 'MessageSid', 'Media1', 'Media10', 'Media2', 'a', 'A', ''),
  text,
);
export const fields = fc.array(fc.tuple(name, text), { maxLength: 12 });

/** The same fields, percent-encoded in one of the ways senders do it. */
export function encodeForm(
  pairs: readonly (readonly [string, string])[],
  style: 'plus' | 'percent' | 'lower',
): string {
  const encode = (value: string): string => {
    const percent = encodeURIComponent(value);
    if (style === 'plus') return percent.replaceAll('%20', '+');
    return style === 'lower' ? percent.replaceAll(/%../gu, (code) => code.toLowerCase()) : percent;
  };
  return pairs.map(([key, value]) => `${encode(key)}=${encode(value)}`).join('&');
}

export const style = fc.constantFrom('plus', 'percent', 'lower');
export const secret = fc.string({
  unit: fc.constantFrom('0', 'a', 'Z', 'ü', '!'),
  minLength: 1,
  maxLength: 70,
});
/** Plivo's own tokens are ASCII, and its SDK encodes any other twice. */
export const asciiSecret = fc.stringMatching(/^[0-9a-zA-Z]{1,70}$/u);
const host = fc.constantFrom('hooks.example.com', '[2001:db8::1]', 'xn--bcher-kva.example');
const port = fc.constantFrom('', ':443', ':80', ':8443');
const userinfo = fc.constantFrom('', '', 'user:pass@');
const path = fc.constantFrom('', '/', '/sms', '/a%20b/c%2Fd/', "/it's", '/sms');
/** Queries whose escapes every decoder reads in the same way. */
const query = fc.oneof(
  fc.constantFrom(
    '',
    '?',
    '?x=1',
    '?b=2&a=1&b=1',
    "?n=It's",
    '?n=It%27s',
    '?p=a+b',
    '?x',
    '?=',
    '?&&',
  ),
  fields.map((pairs) => `?${encodeForm(pairs, 'percent')}`),
);
export const url = fc
  .tuple(fc.constantFrom('https', 'http'), userinfo, host, port, path, query)
  .map(([scheme, ...rest]) => `${scheme}://${rest.join('')}`);

/** The Plivo SDK cannot read an IPv6 address: it signs a host that is not there. */
export const nameUrl = url.filter((value) => !value.includes('['));

/** Flips one bit; any number names one. */
export function flipBit(bytes: Uint8Array, at: number): Buffer {
  const flipped = Buffer.from(bytes);
  const bit = at % (flipped.length * 8);
  flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return flipped;
}

/** As `flipBit`, for text; what is no longer UTF-8 becomes other characters. */
export function flipTextBit(value: string, at: number): string {
  return flipBit(Buffer.from(value), at).toString('latin1');
}

/** What of a form Twilio and Plivo sign: where a name ends is lost. */
export function joinFields(form: string): string {
  return [...new URLSearchParams(form)]
    .map((pair) => pair.join(''))
    .toSorted()
    .join('');
}
