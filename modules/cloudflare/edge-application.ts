import { WorkersRoute } from '@cdktf/provider-cloudflare/lib/workers-route';
import { Construct } from 'constructs';
import { refuse, type Problem } from 'terrace';

import { Worker, type WorkerBinding, type WorkerCode } from './worker';

/** One of the Workers of an application. */
export interface EdgeWorker {
  /** Last part of the Worker's name. */
  readonly id: string;
  readonly code: WorkerCode;
  readonly bindings: readonly WorkerBinding[];
  /** Paths that it answers, `/webhooks/*`; `/*` is what no other answers. */
  readonly paths: readonly string[];
  /** Workers of the same application that it calls without leaving the edge, by binding. @default none */
  readonly calls?: Readonly<Record<string, string>>;
}

export interface EdgeApplicationOptions {
  readonly accountId: string;
  readonly zoneId: string;
  /** The zone's domain; every hostname must lie in it. */
  readonly zoneName: string;
  /** Before each Worker's name. */
  readonly prefix: string;
  readonly hostname: string;
  readonly workers: readonly EdgeWorker[];
  /** Bindings that only one Worker may have, by their names. */
  readonly exclusive: Readonly<Record<string, string>>;
}

/**
 * The Workers of an application on one hostname: scripts, what they are bound to, and the routes that lead to them. Cloudflare takes the
 * longest route that fits. Raises E2903 for an exclusive binding of another Worker and E2904 for a hostname outside of the zone.
 */
export class EdgeApplication extends Construct {
  readonly workers: ReadonlyMap<string, Worker>;

  constructor(scope: Construct, id: string, options: EdgeApplicationOptions) {
    super(scope, id);
    refuse([...exclusiveProblems(options), ...hostnameProblems(options.hostname, options.zoneName)]);
    const { accountId, zoneId, prefix, hostname } = options;
    const built = new Map<string, Worker>();
    const build = (one: EdgeWorker): Worker => {
      const known = built.get(one.id);
      if (known !== undefined) return known;
      const services = Object.entries(one.calls ?? {}).map(([name, called]): WorkerBinding => {
        const callee = options.workers.find((other) => other.id === called);
        if (callee === undefined) throw new RangeError(`${one.id} calls ${called}, which is not a Worker of this application`);
        return { type: 'service', name, service: build(callee).name };
      });
      const worker = new Worker(this, one.id, {
        accountId,
        name: `${prefix}-${one.id}`,
        code: one.code,
        bindings: [...one.bindings, ...services],
      });
      built.set(one.id, worker);
      return worker;
    };
    for (const one of options.workers) {
      const worker = build(one);
      for (const [index, path] of one.paths.entries())
        new WorkersRoute(this, `${one.id}-route-${index + 1}`, { zoneId, pattern: `${hostname}${path}`, script: worker.name });
    }
    this.workers = built;
  }
}

/** E2903 for each binding that belongs to another Worker. */
export function exclusiveProblems({
  prefix,
  workers,
  exclusive,
}: Pick<EdgeApplicationOptions, 'prefix' | 'workers' | 'exclusive'>): readonly Problem[] {
  return workers.flatMap(({ id, bindings }) =>
    bindings
      .filter(({ name }) => exclusive[name] !== undefined && exclusive[name] !== id)
      .map(({ name }) => ({
        code: 'E2903',
        title: 'secret of another Worker',
        place: `${prefix}-${id}`,
        found: `${name} is bound to ${id}`,
        expected: `only ${exclusive[name]} has it`,
        todo: `let ${id} ask ${exclusive[name]} over a service binding`,
      })),
  );
}

/** E2904 where a hostname is neither the zone nor a name below it. */
export function hostnameProblems(hostname: string, zoneName: string): readonly Problem[] {
  if (hostname === zoneName || hostname.endsWith(`.${zoneName}`)) return [];
  return [
    {
      code: 'E2904',
      title: 'hostname outside the zone',
      place: hostname,
      found: `${hostname} is not in ${zoneName}: Cloudflare routes no request for it`,
      todo: `choose a name below ${zoneName}`,
    },
  ];
}
