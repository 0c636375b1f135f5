import type { PlaceAnswers } from './system';
import type { NewFiles } from './write';

/** What a pipeline has to know that no tree says. */
export interface PipelineAnswers extends PlaceAnswers {
  /** `<owner>/<name>` */
  readonly repository: string;
}

/** The version of terraform that a new project starts with; pipelines install it. */
const terraformVersion = '1.11.4';

/** One person reviews; two roles of the account plan and apply. */
export function pipelineValues({ system, environment, account, repository }: PipelineAnswers) {
  const role = (name: string): string => `arn:aws:iam::${account}:role/${system}-${name}`;
  return {
    repository: { name: repository },
    checks: ['validate'],
    environments: { [environment]: { approvals: 1, roles: { plan: role('plan'), apply: role('apply') } } },
  } as const;
}

/** What a new project's pipeline is generated from, beside the tree. */
export function pipelineFiles(answers: PipelineAnswers): NewFiles {
  return new Map([
    ['.terraform-version', `${terraformVersion}\n`],
    ['ci/actions.json', `${JSON.stringify({ version: 1, actions }, null, 2)}\n`],
    [`stacks/${answers.system}/ci.ts`, ciSource(answers)],
  ]);
}

/** The commits that these tags pointed to when they were read; a newer one is the project's to read. */
const actions = [
  { action: 'actions/checkout', tag: 'v7.0.1', sha: '3d3c42e5aac5ba805825da76410c181273ba90b1' },
  { action: 'actions/setup-node', tag: 'v7.0.0', sha: '820762786026740c76f36085b0efc47a31fe5020' },
  { action: 'actions/upload-artifact', tag: 'v7.0.0', sha: 'bbbca2ddaa5d8feaa63e36b76fdaad77386f024f' },
  { action: 'actions/download-artifact', tag: 'v8.0.1', sha: '3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c' },
  { action: 'hashicorp/setup-terraform', tag: 'v4.0.1', sha: 'dfe3c3f87815947d99a8997f908cb6525fc44e9e' },
].map((one) => ({ ...one, read: `git rev-parse ${one.tag}^{commit} in a clone of https://github.com/${one.action}` }));

function ciSource(answers: PipelineAnswers): string {
  const { environment } = answers;
  const { approvals, roles } = pipelineValues(answers).environments[environment] ?? { approvals: 1, roles: { plan: '', apply: '' } };
  return `import type { CiValues } from 'terrace';

/** One person reviews; two roles of the account plan and apply. With ids, the repository is trusted and no other of its name. */
export const ci: CiValues = {
  repository: { name: '${answers.repository}' },
  checks: ['validate'],
  environments: {
    ${environment.includes('-') ? `'${environment}'` : environment}: {
      approvals: ${approvals},
      roles: {
        plan: '${roles.plan}',
        apply: '${roles.apply}',
      },
    },
  },
};
`;
}
