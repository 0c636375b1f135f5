/** What a policy is written with. */
export {
  isKnown,
  planWith,
  policy,
  written,
  type Policy,
  type PolicyChange,
  type PolicyPlan,
  type PolicyUnit,
  type Violation,
} from './policy';
