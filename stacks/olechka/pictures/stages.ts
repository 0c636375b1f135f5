import { ci } from '../ci';

/** Checks of the pipeline as people name them. */
const checkTitles: Readonly<Record<string, string>> = {
  format: 'Format',
  validate: 'Validate',
  security: 'Security (Checkov)',
  costs: 'Costs (Infracost)',
};

const checks = ci.checks ?? [];

/** The stages of a change in order, with the jobs of the workflows that do them; `round` are those of the called workflow. */
export const stages = [
  { id: 'DETECT', title: '1. Detect Changes', jobs: ['detect'], round: [], rows: [] },
  { id: 'VALIDATE', title: '2. Validate', jobs: [...checks], round: [], rows: checks.map((check) => checkTitles[check] ?? check) },
  { id: 'PLAN', title: '3. Plan', jobs: [], round: ['plan'], rows: ['sealed plans of a round'] },
  { id: 'REVIEW', title: '4. Review', jobs: [], round: ['review'], rows: approvals() },
  { id: 'APPLY', title: '5. Apply', jobs: [], round: ['apply'], rows: ['what was approved'] },
] as const;

/** How many have to approve, environment by environment. */
export function approvals(): readonly string[] {
  return Object.entries(ci.environments).map(([environment, { approvals: number }]) =>
    number === 0 ? `${environment}: none` : `${environment}: ${number}`,
  );
}
