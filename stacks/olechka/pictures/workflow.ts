import type { Sequence, SequenceStep } from 'terrace/diagram';

import { ci } from '../ci';

const say = (from: string, to: string, text: string): SequenceStep => ({ kind: 'message', from, to, text });
const answer = (from: string, to: string, text: string): SequenceStep => ({ kind: 'message', from, to, text, answer: true });
const stage = (title: string, steps: readonly SequenceStep[]): SequenceStep => ({ kind: 'stage', title, steps });

/** What each check of `ci.ts` says to whom. */
const checks: Readonly<Record<string, SequenceStep>> = {
  format: say('GHA', 'TF', 'terragrunt fmt'),
  validate: say('GHA', 'TF', 'terragrunt validate'),
  security: say('GHA', 'GHA', 'Run Checkov'),
  costs: say('GHA', 'GHA', 'Run Infracost'),
};

/** A run of the pipeline for a change on the main branch. Checks and approvals are those of `ci.ts`. */
export function workflowSequence(): Sequence {
  const approved = Object.entries(ci.environments).filter(([, { approvals }]) => approvals > 0);
  const title = approved.map(([environment, { approvals }]) => `${environment} (${approvals})`).join(', ');
  const request: readonly SequenceStep[] =
    approved.length === 0
      ? []
      : [{ kind: 'sometimes', title, steps: [say('GHA', 'Dev', 'Request approval'), answer('Dev', 'GHA', 'Approve')] }];
  return {
    title: 'Workflow Execution',
    description: 'A change on the main branch, from the push to the message in Slack; who says what to whom, from above to below.',
    participants: [
      { id: 'Dev', title: 'Developer', kind: 'person' },
      { id: 'GH', title: 'GitHub', kind: 'git', provider: 'github' },
      { id: 'GHA', title: 'GitHub Actions', kind: 'step', provider: 'github' },
      { id: 'AWS', title: 'AWS (OIDC)', kind: 'identity', provider: 'aws' },
      { id: 'TF', title: 'Terraform and Terragrunt', kind: 'state' },
      { id: 'Infra', title: 'Infrastructure', kind: 'server', provider: 'aws' },
    ],
    steps: [
      say('Dev', 'GH', 'Push code to main'),
      say('GH', 'GHA', 'Trigger workflow'),
      stage('Stage 1: Detection', [say('GHA', 'GHA', 'Detect changed files'), say('GHA', 'GHA', 'Create job matrix')]),
      stage('Stage 2: Validation', [
        say('GHA', 'AWS', 'Authenticate via OIDC'),
        answer('AWS', 'GHA', 'Temporary credentials'),
        { kind: 'together', title: 'checks', steps: (ci.checks ?? []).flatMap((check) => checks[check] ?? []) },
      ]),
      stage('Stage 3: Planning', [
        say('GHA', 'TF', 'terragrunt init'),
        say('TF', 'AWS', 'Get state from S3'),
        answer('AWS', 'TF', 'Current state'),
        say('GHA', 'TF', 'terragrunt plan'),
        answer('TF', 'GHA', 'Plan output'),
        say('GHA', 'GH', 'Comment on PR (if applicable)'),
      ]),
      stage('Stage 4: Apply (if main)', [
        say('GHA', 'GHA', 'Check environment'),
        ...request,
        say('GHA', 'TF', 'terragrunt apply'),
        say('TF', 'AWS', 'Lock state (DynamoDB)'),
        say('TF', 'Infra', 'Create/Update resources'),
        answer('Infra', 'TF', 'Success'),
        say('TF', 'AWS', 'Update state (S3)'),
        say('TF', 'AWS', 'Release lock'),
        answer('TF', 'GHA', 'Apply complete'),
      ]),
      say('GHA', 'Dev', 'Notify success (Slack)'),
    ],
  };
}
