import type { Problem } from '../../base/errors';
import type { VerifiedBundle } from '../bundle/verify';
import { noGrants, type GrantsOf } from '../terraform/grants';

import type { ApprovalPolicy } from './approval-rules';
import type { Finding } from './second-approver';

/** What judges a bundle, or those of its environments that share it. */
export interface Judgement {
  /** `<system>/<environment>`. @default every environment of the bundle */
  readonly environments?: readonly string[];
  readonly policy: ApprovalPolicy;
  /** Findings that the approval rules may want a second approver for. */
  readonly findings: readonly Finding[];
  /** Authors of the change beside those that the bundle names. @default none */
  readonly authors?: readonly string[];
  /** Why it is refused whoever approved it. @default nothing */
  readonly denials?: readonly Problem[];
  /** What facts let its terraform have. @default nothing */
  readonly grants?: GrantsOf;
}

/** Looks at a bundle, and says what judges it. */
export type Judge = (verified: VerifiedBundle) => Promise<readonly Judgement[]>;

/** One policy for the whole bundle, with nothing else to judge it. */
export function judgedBy(policy: ApprovalPolicy, findings: readonly Finding[] = []): Judge {
  return async () => [{ policy, findings }];
}

/** What several judgements grant: each to its own environments. */
export function grantsOfAll(judgements: readonly Judgement[]): GrantsOf {
  return (unit) => {
    const name = `${unit.system}/${unit.environment}`;
    const own = judgements.find(({ environments }) => environments === undefined || environments[0] === name);
    return (own?.grants ?? noGrants)(unit);
  };
}
