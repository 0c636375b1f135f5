import { recordSchema } from './applying/record';
import { predicateSchema } from './approval/statement';
import { policySchema } from './approval/policy';
import { bundleSchema } from './bundle/schema';

/** The schemas that are published, by the file's name below docs/schemas/. */
export const publishedSchemas: Readonly<Record<string, object>> = {
  'bundle.v1.json': bundleSchema,
  'approval.v1.json': predicateSchema,
  'approvals.v1.json': policySchema,
  'applied.v1.json': recordSchema,
};
