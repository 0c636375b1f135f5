import { declareOutputs, text } from 'terrace';

import { GlobalRedis } from '../../../../modules/upstash/redis';
import { AstralerUnit, type AstralerRegion } from '../../astraler-unit';

const outputs = declareOutputs({
  databaseId: text('00000000-0000-4000-8000-000000000000'),
  restUrl: text('https://astraler-production-abcde.upstash.io'),
});

/** The cache: one Redis cluster, written in Singapore. */
export class RedisUnit extends AstralerUnit<typeof outputs> {
  constructor(region: AstralerRegion, id: string) {
    super(region, id, outputs);
    this.useUpstash();
    const { database } = new GlobalRedis(this, 'redis', {
      name: this.prefix,
      primaryRegion: 'ap-southeast-1',
      ...this.sizes.redis,
      protect: this.environment.protect,
    });
    this.outputs({ databaseId: database.databaseId, restUrl: `https://${database.endpoint}` });
  }
}
