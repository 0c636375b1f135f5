import { environmentsSchema } from './approval/environment-facts';
import { acceptedSchema } from './accepted/accepted-commit';
import { recordSchema } from './record/record';
import { reviewSchema } from './approval/review-statement';
import { predicateSchema } from './approval/statement';
import { policySchema } from './approval/approval-rules';
import { bundleSchema } from './bundle/schema';
import type { Schema } from './bundle/typed-schema';

/** The schemas that are published, by the file's name below docs/schemas/. */
export const publishedSchemas: Readonly<Record<string, Schema<unknown>>> = {
  'bundle.v1.json': bundleSchema,
  'approval.v1.json': predicateSchema,
  'github-review.v1.json': reviewSchema,
  'approvals.v1.json': policySchema,
  'applied.v1.json': recordSchema,
  'accepted.v1.json': acceptedSchema,
  'environments.v1.json': environmentsSchema,
};
