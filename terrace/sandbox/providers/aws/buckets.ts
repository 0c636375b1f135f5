import type { ResourceBehaviour } from '../engine/context';
export const bucketResources: Readonly<Record<string, ResourceBehaviour>> = {};
