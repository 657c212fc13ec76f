/** What the library of tunnels says of its options, for who sets them in a configuration, or cannot set them there. */
export function inOurWords(message: string): string {
  return message
    .replace(/\bngrok\.authToken\b/gu, 'tunnel.ngrokAuthToken')
    .replace(/\bngrok\.domain\b/gu, 'tunnel.ngrokDomain')
    .replace(/^path must/u, 'serve.path must')
    .replace(/, or name its file in \w+\.executable/u, '')
    .replace(' (cloudflared.token)', '');
}
