import http, { type ClientRequest } from 'node:http';
import https from 'node:https';
import net from 'node:net';

import { Agent, type AgentConnectOpts } from 'agent-base';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';

import { proxyFor, proxyOf } from './proxy';

/**
 * Connections of one scheme as `env` wants them (`proxyFor` has the rules): through the scheme's proxy, direct to what `NO_PROXY` names.
 * Kept open between requests, but for plain HTTP through a proxy, whose agent writes the absolute URL on a new connection only.
 */
export function proxiedAgent(scheme: 'http:' | 'https:', env: NodeJS.ProcessEnv): http.Agent {
  const direct = scheme === 'https:' ? new https.Agent({ keepAlive: true }) : new http.Agent({ keepAlive: true });
  const proxy = proxyOf(scheme, env);
  if (proxy === '') return direct;
  const proxied = scheme === 'https:' ? new HttpsProxyAgent(proxy, { keepAlive: true }) : new HttpProxyAgent(proxy, { keepAlive: false });
  return new AgentByTarget((host, port) => (proxyFor(`${scheme}//${host}:${port}`, env) === '' ? direct : proxied));
}

/** Hands each request on to the agent that its target asks for. */
class AgentByTarget extends Agent {
  constructor(private readonly agentFor: (host: string, port: string) => http.Agent) {
    super();
  }

  override connect(_request: ClientRequest, { host, port }: AgentConnectOpts): http.Agent {
    const name = host ?? 'localhost';
    return this.agentFor(net.isIPv6(name) ? `[${name}]` : name, String(port));
  }
}
