import { Token } from 'cdktf';
import { declareOutputs, expression, text } from 'terrace';

import { DataUpstashRedisDatabaseData } from '../../../../.gen/providers/upstash/data-upstash-redis-database-data';
import { Apikey } from '../../../../.gen/providers/supabase/apikey';
import { EdgeApplication } from '../../../../modules/cloudflare/edge-application';
import type { WorkerCode } from '../../../../modules/cloudflare/worker';
import { application, workerModule } from '../../application';
import { AstralerUnit, type AstralerRegion } from '../../astraler-unit';
import { zoneName } from '../../root';
import { exclusive, type ApplicationWorker } from '../../topology/settings';
import { zoneUnitOf } from '../../zone-owner';
import { PostgresUnit } from '../data/postgres';
import { RedisUnit } from '../data/redis';
import { StorageUnit } from '../data/storage';

const outputs = declareOutputs({
  apiName: text('astraler-production-api'),
  authName: text('astraler-production-auth'),
  webhooksName: text('astraler-production-webhooks'),
});

/**
 * The application at the edge: API, Auth and Webhooks. Keys of the data stores are made or read here, where they are bound, so that no other
 * state holds them.
 */
export class WorkersUnit extends AstralerUnit<typeof outputs> {
  constructor(region: AstralerRegion, id: string) {
    super(region, id, outputs);
    const accountId = this.useCloudflareAccount();
    this.useSupabase();
    this.useUpstash();
    const { zoneId } = this.dependency(zoneUnitOf(region));
    const { projectRef, url } = this.dependency(region.unit(PostgresUnit));
    const { databaseId, restUrl } = this.dependency(region.unit(RedisUnit));
    const { bucketName } = this.dependency(region.unit(StorageUnit));
    const { environment, hostname } = this.environment;
    const redis = new DataUpstashRedisDatabaseData(this, 'redis', { databaseId });
    const key = new Apikey(this, 'service-role', { projectRef, name: 'workers' });
    const { workers } = new EdgeApplication(this, 'application', {
      accountId,
      zoneId,
      zoneName,
      prefix: this.prefix,
      hostname,
      exclusive,
      workers: application({
        environment,
        hostname,
        supabaseUrl: url,
        serviceRoleKey: key.apiKey,
        redisUrl: restUrl,
        redisToken: redis.restToken,
        filesBucket: bucketName,
        variable: (name, about) => this.secret(name, about),
        code: (worker) => this.#code(worker),
      }),
    });
    const name = (worker: ApplicationWorker): string => workers.get(worker)?.name ?? '';
    this.outputs({ apiName: name('api'), authName: name('auth'), webhooksName: name('webhooks') });
  }

  /** What the application's build gave, by variable; until it was built, a module that says so. */
  #code(worker: ApplicationWorker): WorkerCode {
    const variable = `${worker}_bundle`;
    this.variable(variable, {
      type: 'object({ path = string, sha256 = string })',
      description: `Module that the application's build produced for ${worker}, with its SHA-256 in hex; without it the Worker answers 503`,
      optional: true,
    });
    const placeholder = workerModule(this, `${worker}-placeholder`, worker);
    return {
      path: Token.asString(expression(`try(var.${variable}.path, "${placeholder.path}")`)),
      sha256: Token.asString(expression(`try(var.${variable}.sha256, "${placeholder.sha256}")`)),
    };
  }
}
