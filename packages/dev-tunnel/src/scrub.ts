const maxLength = 300;

/**
 * Makes text of a program fit to be shown: known secrets and anything that looks like one are dotted out, addresses lose
 * user names and queries, control sequences vanish, and it is cut at 300 characters.
 */
export function createScrubber(secrets: readonly (string | undefined)[]): (text: string) => string {
  const known = secrets.filter((secret) => secret !== undefined && secret !== '');
  return (text) => {
    let shown = text;
    for (const secret of known) shown = shown.replaceAll(secret ?? '', '•••');
    shown = shown
      .replaceAll(/\p{Cc}(?:\[[\d;]*[A-Za-z])?/gu, ' ')
      .replaceAll(/(\w+:\/\/)[^\s/@"]*@/gu, '$1•••@')
      .replaceAll(/(\w+:\/\/[^\s?#"]*)[?#][^\s"]*/gu, '$1')
      .replaceAll(/[\w+/=-]{40,}/gu, '•••')
      .replaceAll(/\s+/gu, ' ')
      .trim();
    return shown.length > maxLength ? `${shown.slice(0, maxLength)}…` : shown;
  };
}
