import { run, type Outcome, type ScratchProject } from './scratch-project';
import { Terragrunt } from './terragrunt';

export type ToolName = 'terraform' | 'terragrunt' | 'cdktf';

/** What a plan says. */
export type PlanResult = 'no changes' | 'changes' | 'failed';

/** One of the three programs that a team may have in its hands, on one unit of the tree. */
export interface TreeTool {
  readonly name: ToolName;
  apply(unit: string, env?: NodeJS.ProcessEnv): Promise<Outcome>;
  plan(unit: string, env?: NodeJS.ProcessEnv): Promise<{ readonly result: PlanResult; readonly output: string }>;
  destroy(unit: string, env?: NodeJS.ProcessEnv): Promise<Outcome>;
}

/** terraform, terragrunt and cdktf on the synthesized output of a project, with the environment of its sandbox. */
export function toolTrio(
  project: ScratchProject,
  terragruntFile: string,
  env: NodeJS.ProcessEnv,
  terraform = 'terraform',
): Readonly<Record<ToolName, TreeTool>> {
  return {
    terraform: terraformTool(project, env, terraform),
    terragrunt: terragruntTool(project, new Terragrunt(terragruntFile, env, terraform)),
    cdktf: cdktfTool(project, { ...env, TERRAFORM_BINARY_NAME: terraform }),
  };
}

function terraformTool(project: ScratchProject, env: NodeJS.ProcessEnv, terraform: string): TreeTool {
  const inUnit = async (unit: string, args: readonly string[], over: NodeJS.ProcessEnv = {}): Promise<Outcome> => {
    const options = { cwd: project.unit(unit), env: { ...env, ...over } };
    const init = await run(terraform, ['init', '-input=false', '-no-color'], options);
    return init.code === 0 ? run(terraform, [...args, '-input=false', '-no-color'], options) : init;
  };
  return {
    name: 'terraform',
    apply: (unit, over) => inUnit(unit, ['apply', '-auto-approve'], over),
    plan: async (unit, over) => judge(await inUnit(unit, ['plan', '-detailed-exitcode'], over)),
    destroy: (unit, over) => inUnit(unit, ['destroy', '-auto-approve'], over),
  };
}

function terragruntTool(project: ScratchProject, terragrunt: Terragrunt): TreeTool {
  const inUnit = (unit: string, args: readonly string[], over?: NodeJS.ProcessEnv): Promise<Outcome> =>
    terragrunt.run(project.unit(unit), ['run', '--', ...args, '-input=false', '-no-color'], over);
  return {
    name: 'terragrunt',
    apply: (unit, over) => inUnit(unit, ['apply', '-auto-approve'], over),
    plan: async (unit, over) => judge(await inUnit(unit, ['plan', '-detailed-exitcode'], over)),
    destroy: (unit, over) => inUnit(unit, ['destroy', '-auto-approve'], over),
  };
}

function judge(outcome: Outcome): { readonly result: PlanResult; readonly output: string } {
  return { result: outcome.code === 0 ? 'no changes' : outcome.code === 2 ? 'changes' : 'failed', output: outcome.output };
}

/** cdktf knows no detailed exit code: its text says whether there are changes. */
function cdktfTool(project: ScratchProject, env: NodeJS.ProcessEnv): TreeTool {
  const onStack = (verb: string, unit: string, args: readonly string[], over: NodeJS.ProcessEnv = {}): Promise<Outcome> =>
    project.cdktf([verb, unit.replaceAll('/', '-'), '--skip-synth', '--skip-provider-lock', ...args], { ...env, ...over });
  return {
    name: 'cdktf',
    apply: (unit, over) => onStack('deploy', unit, ['--auto-approve', '--ignore-missing-stack-dependencies'], over),
    plan: async (unit, over) => {
      const { code, output } = await onStack('diff', unit, [], over);
      return {
        result: code !== 0 ? 'failed' : /No changes\. |Your infrastructure matches/.test(output) ? 'no changes' : 'changes',
        output,
      };
    },
    destroy: (unit, over) => onStack('destroy', unit, ['--auto-approve', '--ignore-missing-stack-dependencies'], over),
  };
}
