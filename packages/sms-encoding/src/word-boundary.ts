// Scripts written without spaces: a line may break between any two characters, except before and after these marks.
const ideographic = /[\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff60]/u;
const staysWithPrevious =
  /[\u3001\u3002\uff01\uff09\uff0c\uff0e\uff1a\uff1b\uff1f\uff3d\uff5d\u3009\u300b\u300d\u300f\u3011\u3015\u30fc]/u;
const staysWithNext = /[\uff08\uff3b\uff5b\u3008\u300a\u300c\u300e\u3010\u3014]/u;

function isSpace(codeUnit: number): boolean {
  return (
    codeUnit === 0x20 ||
    (codeUnit >= 0x09 && codeUnit <= 0x0d) ||
    (codeUnit >= 0x2000 && codeUnit <= 0x200a && codeUnit !== 0x2007) ||
    codeUnit === 0x3000
  );
}

/** Whether a cut at `index` tears no word: beside white space, or between characters of a script without spaces. */
export function isWordBoundary(text: string, index: number): boolean {
  const before = text.charCodeAt(index - 1);
  const after = text.charCodeAt(index);
  if (isSpace(before) || isSpace(after)) return true;
  if (before < 0x3000 && after < 0x3000) return false;
  return isIdeographicBreak(text.charAt(index - 1), text.charAt(index));
}

function isIdeographicBreak(before: string, after: string): boolean {
  if (staysWithPrevious.test(after) || staysWithNext.test(before)) return false;
  return ideographic.test(before) || ideographic.test(after);
}
