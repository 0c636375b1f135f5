import { LogpushJob } from '@cdktf/provider-cloudflare/lib/logpush-job';
import { declareOutputs, number, text } from 'terrace';

import { BucketToken } from '../../../../modules/cloudflare/bucket-token';
import { DataBucket } from '../../../../modules/cloudflare/data-bucket';
import { AstralerUnit, type AstralerRegion } from '../../astraler-unit';
import { logs } from '../../topology/observability';
import { zoneUnitOf } from '../../zone-owner';
import { WorkersUnit } from '../edge/workers';

const outputs = declareOutputs({ bucketName: text('astraler-production-logs'), auditRetentionDays: number(365) });

/** Fields of a request that tell who asked what and how it went; no body, no query string. */
const requestFields = [
  'ClientIP',
  'ClientRequestHost',
  'ClientRequestMethod',
  'ClientRequestPath',
  'EdgeEndTimestamp',
  'EdgeResponseBytes',
  'EdgeResponseStatus',
  'EdgeStartTimestamp',
  'EdgeTimeToFirstByteMs',
  'RayID',
  'SecurityAction',
  'SecurityRuleID',
];

const workerFields = ['Event', 'EventTimestampMs', 'Exceptions', 'Logs', 'Outcome', 'ScriptName'];

/** Logs of the environment in a bucket of its own, from which they go by themselves: of the Workers after seven days, of requests after three. */
export class LogsUnit extends AstralerUnit<typeof outputs> {
  constructor(region: AstralerRegion, id: string) {
    super(region, id, outputs);
    const accountId = this.useCloudflareAccount();
    const { zoneId } = this.dependency(zoneUnitOf(region));
    const { apiName, authName, webhooksName } = this.dependency(region.unit(WorkersUnit));
    const { bucket } = new DataBucket(this, 'bucket', {
      accountId,
      name: `${this.prefix}-logs`,
      location: 'apac',
      expiries: [
        { id: 'application-logs', prefix: 'application/', days: logs.application.days },
        { id: 'access-logs', prefix: 'access/', days: logs.access.days },
      ],
      protect: this.environment.protect,
    });
    const key = new BucketToken(this, 'delivery', { accountId, name: `${this.prefix}-logpush`, bucketName: bucket.name, access: 'write' });
    const destination = (folder: string): string =>
      `r2://${bucket.name}/${folder}/{DATE}?account-id=${accountId}&access-key-id=${key.accessKeyId}&secret-access-key=${key.secretAccessKey}`;
    new LogpushJob(this, 'application', {
      accountId,
      name: `${this.prefix}-application`,
      dataset: 'workers_trace_events',
      destinationConf: destination('application'),
      enabled: true,
      filter: `{"where":{"key":"ScriptName","operator":"in","value":["${apiName}","${authName}","${webhooksName}"]}}`,
      outputOptions: { outputType: 'ndjson', timestampFormat: 'rfc3339', fieldNames: workerFields },
    });
    new LogpushJob(this, 'access', {
      zoneId,
      name: `${this.prefix}-access`,
      dataset: 'http_requests',
      destinationConf: destination('access'),
      enabled: true,
      filter: JSON.stringify({ where: { key: 'ClientRequestHost', operator: 'eq', value: this.environment.hostname } }),
      outputOptions: { outputType: 'ndjson', timestampFormat: 'rfc3339', fieldNames: requestFields },
    });
    this.outputs({ bucketName: bucket.name, auditRetentionDays: logs.audit.days });
  }
}
