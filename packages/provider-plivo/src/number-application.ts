import { type JsonObject, textIn } from '@openclaw/telephony-core';

/** What a number says about its application. */
export type NumberApplication =
  | { readonly kind: 'none' }
  | { readonly kind: 'known'; readonly id: string; readonly resource: JsonObject }
  /** There is something, in no form that Plivo documents: it must not be taken for nothing, and replaced. */
  | { readonly kind: 'unrecognised' };

/** True for what may become part of a path. */
export function isApplicationId(text: string): boolean {
  return /^[0-9A-Za-z-]+$/u.test(text);
}

/** The id of a number's application, which Plivo names by its path; `null` for none, `undefined` when unclear. */
export function applicationIdIn(number: JsonObject): string | null | undefined {
  const { application } = number;
  if (application === null || application === '') return null;
  return /\/Application\/([0-9A-Za-z-]+)\/?$/u.exec(textIn(number, 'application') ?? '')?.[1];
}
