import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A deployment environment of the repository. */
export interface Place {
  /** Who may open its gate; none where nobody is asked. */
  readonly reviewers?: readonly string[];
  readonly secrets?: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, string>>;
}

/** One entry of a run's approvals, as the API lists them. */
interface RunApproval {
  readonly state: 'approved' | 'rejected';
  readonly comment: string;
  readonly environments: readonly { readonly name: string }[];
  readonly user: { readonly login: string };
}

export type Claims = Readonly<Record<string, string>>;

export interface Host {
  readonly address: string;
  /** By the run's id; survives its re-runs. */
  readonly approvals: Map<string, RunApproval[]>;
  /** Comments on changes, in order. */
  readonly comments: { readonly id: number; readonly change: string; body: string }[];
  /** Roles that were taken, with who took them. */
  readonly taken: { readonly role: string; readonly claims: Claims }[];
  readonly denied: { readonly role: string; readonly claims: Claims }[];
  /** Who proposed a commit, by its id: the authors of the pull requests that it came by. */
  readonly proposals: Map<string, readonly string[]>;
  /** Commits about which the API does not answer at the moment. */
  readonly refused: Set<string>;
  /** Issues of the repository, in order. */
  readonly issues: { readonly number: number; title: string; body: string; state: string }[];
  /** Objects that it serves itself, by `<bucket>/<key>`. */
  readonly objects: Map<string, string>;
  /** Roles that nobody gets at the moment. */
  readonly closed: Set<string>;
  /** What the chat was told, in order. */
  readonly messages: string[];
  /** The address at which a job with these claims asks for its token. */
  tokenAddress(claims: Claims): { readonly url: string; readonly secret: string };
  close(): Promise<void>;
}

/** Where requests get no answer. */
export const silent = '/silent/';

/** What a role asks of a token's claims: each has to be one of these. */
export type Trust = Readonly<Record<string, readonly string[]>>;

/**
 * GitHub's API and token service as far as the workflows ask them, and an STS that judges a token by the roles' trust before it hands the
 * request to the sandbox's, whose own STS takes `token`; without a sandbox it answers itself.
 */
export async function startHost(
  trusts: Readonly<Record<string, Trust>>,
  sandbox?: { readonly sts: string; readonly token: string },
): Promise<Host> {
  const jobs = new Map<string, Claims>();
  const state: Omit<Host, 'address' | 'tokenAddress' | 'close'> = {
    approvals: new Map(),
    proposals: new Map(),
    refused: new Set(),
    comments: [],
    taken: [],
    denied: [],
    issues: [],
    objects: new Map(),
    closed: new Set(),
    messages: [],
  };
  const server = createServer((request, response) => {
    if (request.url?.startsWith(silent) === true) return void request.socket.destroy();
    answer(request)
      .then(({ status, body, type = 'application/json' }) => {
        response.writeHead(status, { 'content-type': type });
        response.end(body);
      })
      .catch((error: unknown) => failed(response, error));
  });

  async function answer(request: IncomingMessage): Promise<{ readonly status: number; readonly body: string; readonly type?: string }> {
    const url = new URL(request.url ?? '/', 'http://host');
    const body = await read(request);
    const json = (value: unknown, status = 200) => ({ status, body: JSON.stringify(value) });
    if (url.pathname === '/token') {
      const claims = jobs.get((request.headers.authorization ?? '').replace('Bearer ', ''));
      if (claims === undefined) return json({ message: 'no job' }, 403);
      return json({ value: Buffer.from(JSON.stringify({ ...claims, aud: url.searchParams.get('audience') ?? '' })).toString('base64url') });
    }
    if (url.pathname === '/sts/') return await identity(new URLSearchParams(body), body, request.headers);
    if (url.pathname.startsWith('/canary-')) {
      state.messages.push(body);
      return json({});
    }
    if (url.pathname.startsWith('/s3/')) {
      const found = state.objects.get(url.pathname.slice('/s3/'.length));
      return found === undefined ? json({ message: 'NoSuchKey' }, 404) : { status: 200, body: found };
    }
    if (request.headers.authorization !== 'Bearer run-token') return json({ message: 'Bad credentials' }, 401);
    const approvals = /\/actions\/runs\/(\d+)\/approvals$/.exec(url.pathname);
    if (approvals !== null) return json(state.approvals.get(approvals[1] ?? '') ?? []);
    const proposed = /\/commits\/([0-9a-f]{40})\/pulls$/.exec(url.pathname);
    if (state.refused.has(proposed?.[1] ?? '')) return json({ message: 'API rate limit exceeded' }, 403);
    if (proposed !== null) return json((state.proposals.get(proposed[1] ?? '') ?? []).map((login) => ({ user: { login } })));
    const comments = /\/issues\/(\d+)\/comments$/.exec(url.pathname);
    const shown = (one: Host['comments'][number]) => ({ id: one.id, body: one.body, user: { type: 'Bot' } });
    if (comments !== null && request.method === 'GET')
      return json(state.comments.filter(({ change }) => change === comments[1]).map(shown));
    const given: { readonly body?: string } = body === '' ? {} : JSON.parse(body);
    if (comments !== null) {
      const one = { id: state.comments.length + 1, change: comments[1] ?? '', body: given.body ?? '' };
      state.comments.push(one);
      return json(shown(one), 201);
    }
    if (url.pathname.endsWith('/issues') && request.method === 'GET') return json(state.issues.filter((one) => one.state === 'open'));
    if (url.pathname.endsWith('/issues')) {
      const one = { number: state.issues.length + 1, title: '', state: 'open', ...given, body: given.body ?? '' };
      state.issues.push(one);
      return json(one, 201);
    }
    const issue = state.issues.find(({ number }) => url.pathname.endsWith(`/issues/${number}`));
    if (issue !== undefined) return json(Object.assign(issue, given));
    const comment = state.comments.find(({ id }) => url.pathname.endsWith(`/issues/comments/${id}`));
    if (comment === undefined) return json({ message: `${request.method} ${url.pathname} is not emulated` }, 404);
    comment.body = given.body ?? '';
    return json(shown(comment));
  }

  async function identity(form: URLSearchParams, body: string, headers: IncomingMessage['headers']) {
    if (sandbox !== undefined && form.get('Action') !== 'AssumeRoleWithWebIdentity')
      return await forward(sandbox.sts, body, headers, '/sts/');
    const claims: Claims = JSON.parse(Buffer.from(form.get('WebIdentityToken') ?? '', 'base64url').toString('utf8'));
    const role = form.get('RoleArn') ?? '';
    const trust = trusts[role];
    const trusted =
      trust !== undefined &&
      !state.closed.has(role) &&
      Object.entries(trust).every(([name, wanted]) => wanted.includes(claims[name] ?? ''));
    state[trusted ? 'taken' : 'denied'].push({ role, claims });
    if (!trusted) return { status: 403, body: '<Error><Code>AccessDenied</Code></Error>', type: 'text/xml' };
    if (sandbox === undefined) {
      const keys =
        '<AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>canary-secret-key</SecretAccessKey><SessionToken>canary-session</SessionToken>';
      return { status: 200, body: `<Credentials>${keys}</Credentials>`, type: 'text/xml' };
    }
    // The token is the host's own; the sandbox knows no other than its secret.
    form.set('WebIdentityToken', sandbox.token);
    return await forward(sandbox.sts, form.toString(), { 'content-type': 'application/x-www-form-urlencoded' });
  }

  /** Passes a request on as it was signed, host and path included. */
  function forward(
    to: string,
    body: string,
    headers: IncomingMessage['headers'],
    path = '/',
  ): Promise<{ status: number; body: string; type: string }> {
    const { 'content-length': _length, 'transfer-encoding': _coding, ...rest } = headers;
    return new Promise((resolve, reject) => {
      const { hostname, port } = new URL(to);
      const sent = httpRequest({ hostname, port, path, method: 'POST', headers: rest, agent: false }, (reply) => {
        read(reply).then((text) => resolve({ status: reply.statusCode ?? 0, body: text, type: 'text/xml' }), reject);
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...state,
    address,
    tokenAddress: (claims) => {
      const secret = `job-${jobs.size + 1}`;
      jobs.set(secret, claims);
      return { url: `${address}/token?version=1`, secret };
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function read(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

function failed(response: ServerResponse, error: unknown): void {
  response.writeHead(500);
  response.end(String(error));
}
