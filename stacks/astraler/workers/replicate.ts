import type { Bucket, MessageBatch } from './runtime';

/** An event of the source bucket, as R2 writes it into the queue. */
export interface BucketEvent {
  readonly action: 'PutObject' | 'CopyObject' | 'CompleteMultipartUpload' | 'DeleteObject' | 'LifecycleDeletion';
  readonly object: { readonly key: string };
}

interface Buckets {
  readonly SOURCE: Bucket;
  readonly REPLICA: Bucket;
}

/**
 * Copies what an event names, as it is now: events come twice and in any order, and the newest object is right whichever comes last. What is
 * deleted stays in the replica, which is what it is for. An event whose copy fails goes back to the queue alone.
 */
async function replicate({ SOURCE, REPLICA }: Buckets, { action, object: { key } }: BucketEvent): Promise<void> {
  if (action === 'DeleteObject' || action === 'LifecycleDeletion') return;
  const found = await SOURCE.get(key);
  // Deleted between the event and now: there is nothing to copy.
  if (found === null) return;
  const { httpMetadata, customMetadata } = found;
  await REPLICA.put(key, found.body, {
    ...(httpMetadata === undefined ? {} : { httpMetadata }),
    ...(customMetadata === undefined ? {} : { customMetadata }),
  });
}

const consumer = {
  async queue(batch: MessageBatch<BucketEvent>, buckets: Buckets): Promise<void> {
    await Promise.all(
      batch.messages.map(async (message) => {
        try {
          await replicate(buckets, message.body);
          message.ack();
        } catch (error) {
          console.error(JSON.stringify({ event: 'copy failed', key: message.body.object.key, reason: String(error) }));
          message.retry();
        }
      }),
    );
  },
};

export default consumer;
