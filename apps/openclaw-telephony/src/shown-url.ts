/** An address as it may be shown: what stands in the query, or in front of the host, may be a password. */
export function shownUrl(url: URL): string {
  const { search, username, password } = url;
  const plain = `${url.origin}${url.pathname}`;
  return `${search}${username}${password}` === '' ? plain : `${plain} (and more)`;
}
