import type { SystemDelivery } from '../delivery';
import { destroyPipeline, driftPipeline, unlockPipeline } from '../pipelines/operations';
import { checksPipeline, releasePipeline } from '../pipelines/repository';
import { roundPipeline } from '../pipelines/round';
import { systemPipelines } from '../pipelines/system';

import { rolesFile, rolesText } from './roles';
import { workflow, type GithubFacts } from './workflow';
import { yaml } from './yaml';

/** Every file for GitHub Actions, and the trust of the roles that its jobs take, by its path in the repository. */
export function githubFiles(systems: readonly SystemDelivery[], facts: GithubFacts): ReadonlyMap<string, string> {
  const pipelines = [
    roundPipeline(systems, facts.branch),
    ...systems.flatMap((system) => [
      ...systemPipelines(system),
      driftPipeline(system),
      destroyPipeline(system),
      unlockPipeline(system),
      ...system.others,
    ]),
    ...(facts.own ? [checksPipeline(facts.branch), releasePipeline(facts.branch)] : []),
  ];
  return new Map([
    ...pipelines.map((pipeline) => [`.github/workflows/${pipeline.file}.yml`, workflow(pipeline, facts)] as const),
    ['.github/dependabot.yml', dependabot(facts.own)],
    [rolesFile, rolesText(systems)],
  ]);
}

/** A release of a dependency is a week old before it is proposed: what is malicious is mostly found by then. */
function dependabot(own: boolean): string {
  const update = (ecosystem: string, directory: string) => ({
    'package-ecosystem': ecosystem,
    directory,
    schedule: { interval: 'weekly' },
    cooldown: { 'default-days': 7 },
    'open-pull-requests-limit': 5,
  });
  return `# Made by \`terrace ci generate\`.\n${yaml({
    version: 2,
    updates: [update('npm', '/'), ...(own ? [update('pip', '/scripts/tools')] : []), update('github-actions', '/')],
  })}`;
}
