/** What a request line asks for. The path is kept as it was sent: a key may hold `..`, which a URL parser would resolve. */
export interface Target {
  readonly scheme: string;
  /** Lower case, without port; IPv6 in brackets. */
  readonly host: string;
  /** Host as sent, with its port. */
  readonly authority: string;
  /** Percent-encoded. */
  readonly pathname: string;
  /** With its question mark, or empty. */
  readonly search: string;
  readonly query: URLSearchParams;
  /** True for the absolute form that a proxy gets. */
  readonly absolute: boolean;
}

/** Takes a request target apart; one without a host is for the host of the header. */
export function targetOf(requested: string, hostHeader: string | undefined): Target {
  const parts = /^(?:([a-z][a-z\d+.-]*):\/\/([^/?#]*))?([^?#]*)(\?[^#]*)?/i.exec(requested);
  const absolute = parts?.[1] !== undefined;
  const authority = (absolute ? parts?.[2] : hostHeader) ?? '';
  const search = parts?.[4] ?? '';
  return {
    scheme: (parts?.[1] ?? 'http').toLowerCase(),
    host: hostOf(authority),
    authority,
    pathname: parts?.[3] === undefined || parts[3] === '' ? '/' : parts[3],
    search,
    query: new URLSearchParams(search),
    absolute,
  };
}

function hostOf(authority: string): string {
  const withoutUser = authority.slice(authority.lastIndexOf('@') + 1).toLowerCase();
  return /^(\[[^\]]*\]|[^:]*)(?::\d*)?$/.exec(withoutUser)?.[1] ?? '';
}
