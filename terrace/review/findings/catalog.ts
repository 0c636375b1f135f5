import { accessRules } from './access-rules';
import { costRules } from './cost-rules';
import { deliveryRules } from './delivery-rules';
import { edgeExposureRules } from './exposure-edge';
import { networkExposureRules } from './exposure-network';
import { publicExposureRules } from './exposure-public';
import { iamGrantRules } from './iam-grant-rules';
import { iamRules } from './iam-rules';
import { protectionRules } from './protection';
import type { Rule } from './rule';
import { remarkRules } from './remark-rules';
import { routeRules } from './route-rules';
import { secretRules } from './secret-rules';
import { stateStoreRules } from './state-store';
import { statefulRules } from './stateful';
import { versionRules } from './version-rules';

/** Every rule of the review, in the order of docs/review.md. */
export const rules: readonly Rule[] = [
  ...stateStoreRules,
  ...statefulRules,
  ...networkExposureRules,
  ...publicExposureRules,
  ...edgeExposureRules,
  ...routeRules,
  ...iamRules,
  ...iamGrantRules,
  ...accessRules,
  ...protectionRules,
  ...secretRules,
  ...versionRules,
  ...remarkRules,
  ...deliveryRules,
  ...costRules,
];
