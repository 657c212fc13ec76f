/** The paths of one account. */
export interface AccountPaths {
  readonly path: string;
  readonly statusPath: string;
  /** Below it stand files, each at any depth; accounts may share one. */
  readonly mediaPath?: string;
}

/**
 * Finds whose path a request target is: the place in the list, or -1 when it is nobody's. Whole paths are compared; below a
 * status path stands one more part, the reference of a message.
 *
 * @param target as it stands in the request line
 */
export type AccountRouter = (target: string) => number;

/** Makes the router; the paths of all accounts must differ. */
export function createAccountRouter(accounts: readonly AccountPaths[]): AccountRouter {
  const whole = new Map<string, number>();
  const receipts = new Map<string, number>();
  for (const [place, { path, statusPath }] of accounts.entries()) {
    whole.set(path, place).set(statusPath, place);
    receipts.set(statusPath, place);
  }
  const media = accounts.map(({ mediaPath }) => mediaPath);
  const mediaPlace = (path: string): number => {
    // The longest one: a path may lie below another.
    const [found] = media
      .filter((each) => each !== undefined && path.startsWith(`${each}/`))
      .toSorted((a = '', b = '') => b.length - a.length);
    return found === undefined ? -1 : media.indexOf(found);
  };
  return (target) => {
    const end = target.search(/[?#]/u);
    const path = end === -1 ? target : target.slice(0, end);
    const wanted = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
    const parent = wanted.slice(0, wanted.lastIndexOf('/'));
    return whole.get(wanted) ?? receipts.get(parent) ?? mediaPlace(path);
  };
}
