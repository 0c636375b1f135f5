import type { ResourceBehaviour } from '../engine/context';
import { bucketResources } from './buckets';
import { tableResources } from './tables';

/** aws types that need more than schema and overlay. */
export const awsResources: Readonly<Record<string, ResourceBehaviour>> = { ...bucketResources, ...tableResources };
