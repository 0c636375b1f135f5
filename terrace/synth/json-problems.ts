import type { Problem } from '../base/errors';
import { nameProblems, type TerraformJson } from './name-limits';

/** What is wrong with one unit's Terraform JSON: names that the provider would refuse. */
export function jsonProblems(unit: string, json: TerraformJson): readonly Problem[] {
  return nameProblems(unit, json);
}
