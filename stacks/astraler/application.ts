import path from 'node:path';

import type { EdgeWorker } from '../../modules/cloudflare/edge-application';
import type { WorkerBinding, WorkerCode } from '../../modules/cloudflare/worker';
import { WorkerBundle } from '../../modules/cloudflare/worker-bundle';
import type { AstralerUnit } from './astraler-unit';
import { applicationWorkers, paths, settings, type ApplicationWorker, type Origin } from './topology/settings';

/** What the data stores of an environment give to its Workers. */
export interface DataStores {
  readonly supabaseUrl: string;
  readonly serviceRoleKey: string;
  readonly redisUrl: string;
  readonly redisToken: string;
  readonly filesBucket: string;
}

export interface ApplicationNeeds extends DataStores {
  readonly environment: string;
  readonly hostname: string;
  /** Gives the value of a setting that is a variable of terraform. */
  readonly variable: (name: string, about: string) => string;
  /** Gives the code of a Worker. */
  readonly code: (worker: ApplicationWorker) => WorkerCode;
}

/** The module of a Worker under `workers/`, as a file of the unit. */
export function workerModule(unit: AstralerUnit, id: string, module: string): WorkerBundle {
  return new WorkerBundle(unit, id, path.join(__dirname, 'workers', `${module}.ts`));
}

/** The Workers of the application: code, what each is bound to, and the paths that lead to it. */
export function application(needs: ApplicationNeeds): readonly EdgeWorker[] {
  const variables = new Map<string, string>();
  const variable = (name: string, about: string): string => {
    const value = variables.get(name) ?? needs.variable(name.toLowerCase(), about);
    variables.set(name, value);
    return value;
  };
  const files: WorkerBinding = { type: 'r2_bucket', name: 'FILES', bucketName: needs.filesBucket };
  return applicationWorkers.map((worker) => ({
    id: worker,
    code: needs.code(worker),
    paths: paths[worker],
    bindings: [
      ...settings
        .filter(({ workers }) => workers.includes(worker))
        .map(({ name, about, secret, origin }): WorkerBinding => ({
          type: secret ? 'secret_text' : 'plain_text',
          name,
          text: origin.from === 'variable' ? variable(name, about) : valueOf(origin, needs),
        })),
      ...(worker === 'api' ? [files] : []),
    ],
    ...(worker === 'api' ? { calls: { AUTH: 'auth' } } : {}),
  }));
}

function valueOf(origin: Exclude<Origin, { readonly from: 'variable' }>, needs: ApplicationNeeds): string {
  switch (origin.from) {
    case 'constant':
      return origin.value;
    case 'environment':
      return origin.value === 'name' ? needs.environment : `https://${needs.hostname}`;
    case 'supabase':
      return origin.value === 'url' ? needs.supabaseUrl : needs.serviceRoleKey;
    case 'upstash':
      return origin.value === 'rest-url' ? needs.redisUrl : needs.redisToken;
  }
}
