/** Requests for these names, in Cloudflare's rules language; `*.` before a name stands for every name below it. */
export function forHosts(hostnames: readonly string[]): string {
  const exact = hostnames.filter((name) => !name.startsWith('*.'));
  const below = hostnames.filter((name) => name.startsWith('*.')).map((name) => `ends_with(http.host, "${name.slice(1)}")`);
  const listed = exact.length === 0 ? [] : [`http.host in {${exact.map((name) => `"${name}"`).join(' ')}}`];
  return `(${[...listed, ...below].join(' or ')})`;
}

/** Requests for a path or below it. */
export function forPath(path: string): string {
  return `starts_with(http.request.uri.path, "${path}")`;
}
