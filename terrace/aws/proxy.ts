/** Host and port of a URL, the port filled in from its scheme. */
interface Target {
  readonly host: string;
  readonly port: string;
}

const defaultPorts: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/**
 * URL of the proxy that a request goes through, or '' for a direct one. Decides as terraform does (Go's rules), so that one set of
 * variables means the same to both: `HTTPS_PROXY` or `HTTP_PROXY` by the scheme, lower case allowed, never for loopback, and
 * `NO_PROXY` as a comma-separated list of names (`example.com` takes its subdomains along, `.example.com` means them alone),
 * addresses, networks (`10.0.0.0/8`), each with an optional port, or `*`.
 */
export function proxyFor(url: string, env: NodeJS.ProcessEnv): string {
  const { protocol, hostname, port } = new URL(url);
  const proxy = proxyOf(protocol === 'https:' ? protocol : 'http:', env);
  const target = {
    host: hostname
      .replace(/^\[|\]$/g, '')
      .replace(/\.$/, '')
      .toLowerCase(),
    port: port || (defaultPorts[protocol] ?? ''),
  };
  if (proxy === '' || isLoopback(target.host) || isExcluded(target, setting(env, 'no_proxy'))) return '';
  return proxy;
}

/** URL of the proxy for a scheme, whatever the target; '' where none is set. */
export function proxyOf(scheme: 'http:' | 'https:', env: NodeJS.ProcessEnv): string {
  const proxy = setting(env, scheme === 'https:' ? 'https_proxy' : 'http_proxy');
  return proxy === '' || proxy.includes('://') ? proxy : `http://${proxy}`;
}

function setting(env: NodeJS.ProcessEnv, name: string): string {
  return (env[name.toUpperCase()] || env[name] || '').trim();
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d+){3}$/.test(host);
}

function isExcluded(target: Target, list: string): boolean {
  return list
    .toLowerCase()
    .split(',')
    .map((entry) => entry.trim())
    .some((entry) => entry !== '' && matches(target, entry));
}

function matches(target: Target, entry: string): boolean {
  if (entry === '*') return true;
  if (entry.includes('/')) return inNetwork(target.host, entry);
  const [, name = entry, port] = /^\[?(.+?)\]?(?::(\d+))?$/.exec(isPlainIpv6(entry) ? `[${entry}]` : entry) ?? [];
  if (port !== undefined && port !== target.port) return false;
  const suffix = name.replace(/^\*(?=\.)/, '');
  if (suffix.startsWith('.')) return target.host.endsWith(suffix);
  return target.host === suffix || (!isAddress(suffix) && target.host.endsWith(`.${suffix}`));
}

function isPlainIpv6(entry: string): boolean {
  return !entry.startsWith('[') && entry.split(':').length > 2;
}

function isAddress(name: string): boolean {
  return /^\d+(\.\d+){3}$/.test(name) || name.includes(':');
}

/** IPv4 networks only: terraform's endpoints have no IPv6 literals. */
function inNetwork(host: string, network: string): boolean {
  const [base = '', length = ''] = network.split('/');
  const [address, first, bits] = [ipv4(host), ipv4(base), Number(length)];
  if (address === undefined || first === undefined || !/^\d+$/.test(length) || bits > 32) return false;
  const size = 2 ** (32 - bits);
  return Math.floor(address / size) === Math.floor(first / size);
}

function ipv4(text: string): number | undefined {
  const parts = text.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}
