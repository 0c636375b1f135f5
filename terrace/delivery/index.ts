/** The road of a change, for programs: what `terrace plan`, `approve`, `apply`, `deploy`, `drift` and `status` are made of. */
export { applyBundle, verifyApproved, type ApplyReport, type ApplyRequest } from './apply/apply-bundle';
export { approvalsFolder, approveBundle, readApprovals, writeApproval } from './approve/approve';
export { environmentPolicy, parsePolicy, type ApprovalPolicy } from './approval/approval-rules';
export { privateKeyFrom, readPrivateKey } from './approval/keys';
export { sandboxKeys, type SandboxKeys } from './approval/sandbox-keys';
export type { Bundle, BundleUnit } from './bundle/bundle';
export { readContent, type BundleContent } from './bundle/content';
export { mergeBundles } from './bundle/merge';
export { verifyContent, type VerifiedBundle } from './bundle/verify';
export { writeBundle } from './bundle/write';
export { deploy, planTargets, type DeployKeys, type DeployReport, type DeployRequest } from './deploy/deploy';
export { findDrift, type DriftReport } from './drift/drift';
export { planBundle, type PlanReport, type PlanRequest } from './plan/plan-bundle';
export { statusOf, type StatusReport } from './status/status';
export type { PlanTarget } from './target/plan-target';
export type { DeliveryContext } from './terraform/context';
export { createContext, type ContextOptions } from './terraform/create-context';
export { loadTree, type Tree } from './tree/load-tree';
