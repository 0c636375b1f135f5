import { Queue } from '@cdktf/provider-cloudflare/lib/queue';
import { QueueConsumer } from '@cdktf/provider-cloudflare/lib/queue-consumer';
import { R2BucketEventNotification } from '@cdktf/provider-cloudflare/lib/r2-bucket-event-notification';
import { Construct } from 'constructs';

import { DataBucket, type R2Location } from './data-bucket';
import { Worker, type WorkerCode } from './worker';

export interface BucketReplicaOptions {
  readonly accountId: string;
  /** Before each name. */
  readonly prefix: string;
  readonly sourceBucket: string;
  /** Another than the source's. */
  readonly location: R2Location;
  /** Takes the source's events from the queue and copies; it finds the buckets as `SOURCE` and `REPLICA`. */
  readonly consumer: WorkerCode;
  readonly protect: boolean;
}

/** Attempts at one event before it is put aside: with the growing pause between them they span about a quarter of an hour. */
const retries = 10;

/**
 * A second bucket that follows the first within seconds: the source's events go to a queue, a Worker copies what they name. R2 has no replication
 * of its own. Copies what is written from now on, not what is there already; keeps what is deleted.
 */
export class BucketReplica extends Construct {
  readonly replica: DataBucket;

  constructor(scope: Construct, id: string, { accountId, prefix, sourceBucket, location, consumer, protect }: BucketReplicaOptions) {
    super(scope, id);
    this.replica = new DataBucket(this, 'bucket', { accountId, name: `${prefix}-replica`, location, protect });
    const events = new Queue(this, 'events', { accountId, queueName: `${prefix}-replica-events` });
    const aside = new Queue(this, 'aside', { accountId, queueName: `${prefix}-replica-failed` });
    const worker = new Worker(this, 'consumer', {
      accountId,
      name: `${prefix}-replica-consumer`,
      code: consumer,
      bindings: [
        { type: 'r2_bucket', name: 'SOURCE', bucketName: sourceBucket },
        { type: 'r2_bucket', name: 'REPLICA', bucketName: this.replica.bucket.name },
      ],
    });
    new QueueConsumer(this, 'subscription', {
      accountId,
      queueId: events.queueId,
      scriptName: worker.name,
      type: 'worker',
      deadLetterQueue: aside.queueName,
      settings: { batchSize: 10, maxRetries: retries, maxWaitTimeMs: 5000, retryDelay: 30 },
    });
    new R2BucketEventNotification(this, 'notifications', {
      accountId,
      bucketName: sourceBucket,
      queueId: events.queueId,
      rules: [
        { actions: ['PutObject', 'CopyObject', 'CompleteMultipartUpload'], description: 'Objects that are written' },
        { actions: ['DeleteObject', 'LifecycleDeletion'], description: 'Objects that are deleted' },
      ],
    });
  }
}
