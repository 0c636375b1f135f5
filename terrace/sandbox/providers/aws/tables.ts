import type { ResourceBehaviour } from '../engine/context';
export const tableResources: Readonly<Record<string, ResourceBehaviour>> = {};
