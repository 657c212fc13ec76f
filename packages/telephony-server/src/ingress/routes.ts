/** Which of our paths a request is for. */
export type Route =
  | { readonly kind: 'webhook' }
  /** At the status path; `sendRef` names one of our messages. */
  | { readonly kind: 'receipt'; readonly sendRef?: string }
  | { readonly kind: 'health' }
  | { readonly kind: 'metrics' };

/** What {@link createRouter} takes. Paths begin with `/` and have no query. */
export interface RouterOptions {
  readonly path: string;
  readonly statusPath: string;
}

/** Finds the route of a request target as it stands in the request line; `undefined` for an unknown path. */
export type Router = (target: string) => Route | 'malformed' | undefined;

/**
 * Matches whole paths, never beginnings: `/telephony/webhook-evil` is not `/telephony/webhook`. One trailing slash is
 * forgiven. Below the status path stands the reference of a message, as our own sends name it.
 */
export function createRouter({ path, statusPath }: RouterOptions): Router {
  const plain = new Map<string, Route>([
    ['/metrics', { kind: 'metrics' }],
    [statusPath, { kind: 'receipt' }],
    [path, { kind: 'webhook' }],
    ['/health', { kind: 'health' }],
  ]);
  return (target) => {
    // A target such as "//host/path" or "http://host/path" is not a path of ours, whatever a URL parser makes of it.
    if (!target.startsWith('/') || target.startsWith('//')) return 'malformed';
    const end = target.search(/[?#]/u);
    const whole = end === -1 ? target : target.slice(0, end);
    const wanted = whole.length > 1 && whole.endsWith('/') ? whole.slice(0, -1) : whole;
    const found = plain.get(wanted);
    if (found !== undefined) return found;
    if (!wanted.startsWith(`${statusPath}/`)) return undefined;
    const sendRef = wanted.slice(statusPath.length + 1);
    return /^[\w-]{1,256}\.[0-9a-z]{1,4}$/u.test(sendRef)
      ? { kind: 'receipt', sendRef }
      : undefined;
  };
}
