/** What {@link pairingText} takes. */
export interface PairingTextOptions {
  readonly code: string;
  /** Whom the code is for; named in the text when given, and then for `{sender}` in a template. */
  readonly sender?: string;
  /** How long the code works, in milliseconds; default 60 minutes. */
  readonly ttlMs?: number;
  /** Another text, with `{code}` where the code goes, and `{sender}` and `{minutes}` where wanted. */
  readonly template?: string;
}

/** What GSM-7 carries in one septet and ASCII has too. A backtick would make the whole text UCS-2, at twice the price. */
const plain = /^[A-Za-z0-9 \n@$_!"#%&'()*+,\-./:;<=>?]*$/u;
const maxLength = 160;

/**
 * The text that a stranger gets: one segment, 160 septets of GSM-7 at most.
 *
 * Throws `RangeError` when a template has no `{code}`, or does not make one such segment.
 *
 * @example
 * pairingText({ code: 'ABCD2345' });
 * pairingText({ code: 'ABCD2345', template: 'Tell Ann this code to reach her bot: {code}' });
 */
export function pairingText(options: PairingTextOptions): string {
  const { code, sender, ttlMs = 60 * 60_000, template } = options;
  if (template !== undefined && !template.includes('{code}')) {
    throw new RangeError('the pairing text has no {code}: without it nobody can be approved');
  }
  const subject = sender === undefined ? '' : ' for {sender}';
  const standard = `This number is private. To be let in, give its owner this code${subject}: {code}. It works for {minutes} min.`;
  const text = (template ?? standard)
    .replaceAll('{code}', () => code)
    .replaceAll('{sender}', () => sender ?? 'you')
    .replaceAll('{minutes}', () => String(Math.floor(ttlMs / 60_000)));
  return assertOneSegment(text);
}

/**
 * The text that somebody gets who was approved: one segment.
 *
 * Throws `RangeError` when `template` is longer, or has characters that GSM-7 does not carry in one septet.
 *
 * @example
 * approvedText(); // 'You have been let in. ...'
 */
export function approvedText(options: { readonly template?: string } = {}): string {
  return assertOneSegment(
    options.template ?? 'You have been let in: you can text this number now.',
  );
}

function assertOneSegment(text: string): string {
  if (!plain.test(text)) {
    throw new RangeError(
      'the text has a character that plain GSM-7 lacks: use unaccented letters, digits and simple punctuation',
    );
  }
  if (text.length > maxLength) {
    throw new RangeError(
      `the text has ${text.length} characters and one segment takes ${maxLength}: shorten it`,
    );
  }
  return text;
}
