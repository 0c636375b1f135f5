import path from 'node:path';

import { propertyPlace, type Problem } from 'terrace';

import { tooExposed } from '../../envcommon/exposure';
import { floats, releaseTag } from '../../modules/kubernetes/image';
import type { AstraEnvironmentValues } from './values';

/** Everything that is wrong with the values of the environments, each by itself and all together; E2702 to E2704. */
export function environmentProblems(environments: readonly AstraEnvironmentValues[]): readonly Problem[] {
  return [...environments.flatMap((values) => [...exposureProblems(values), ...imageProblems(values)]), ...sharedClusters(environments)];
}

/** Where a setting of an environment stands. */
function place({ environment }: AstraEnvironmentValues, setting: string): string {
  return propertyPlace(`stacks/astra/${environment}/env.ts`, path.join(__dirname, environment, 'env.ts'))(setting);
}

function exposureProblems(values: AstraEnvironmentValues): readonly Problem[] {
  return tooExposed(values.environment, values.exposure).map(({ part, allowed }) => ({
    code: 'E2702',
    title: 'exposure not allowed',
    place: place(values, `exposure.${part}`),
    found: `${part} would be reached by ${values.exposure[part]}`,
    expected: allowed === 'cluster-ip' ? 'cluster-ip' : `${allowed} or cluster-ip`,
    todo: 'correct exposure; envcommon/exposure.ts says what may be reached from where',
  }));
}

function imageProblems(values: AstraEnvironmentValues): readonly Problem[] {
  const { frontend, backend, postgres } = values.images;
  const problem = (setting: string, found: string, expected: string): Problem => ({
    code: 'E2703',
    title: 'floating image tag',
    place: place(values, setting),
    found,
    expected,
    todo: `correct ${setting.replace(/\..*/, '')}`,
  });
  const release = values.tags === 'release';
  return [
    ...(values.environment !== 'development' && !release
      ? [problem('tags', `tags is '${values.tags}'`, "'release': only development takes other tags")]
      : []),
    ...(floats(postgres) ? [problem('images.postgres', postgres, 'an image with an exact tag, such as postgres:17.6')] : []),
    ...Object.entries({ frontend, backend }).flatMap(([name, { repository, tag }]) => [
      ...(/[:@][^/]*$/.test(repository)
        ? [problem(`images.${name}.repository`, `${name}: ${repository} has a tag`, 'a repository: the tag is a variable')]
        : []),
      ...(tag !== undefined && (release ? !new RegExp(releaseTag).test(tag) : floats(`image:${tag}`))
        ? [
            problem(
              `images.${name}.tag`,
              `${name}: ${tag}`,
              release ? 'a release, such as 1.4.0 or v2.0.1-rc.1' : 'a release or the id of a commit',
            ),
          ]
        : []),
    ]),
  ];
}

/** A cluster is one environment's: two that name the same one in the same project would share its namespaces. */
function sharedClusters(environments: readonly AstraEnvironmentValues[]): readonly Problem[] {
  const owners = new Map<string, AstraEnvironmentValues>();
  return environments.flatMap((values) => {
    if (values.cluster === 'existing') return [];
    const cluster = `${values.account.id}/${values.cluster.name}`;
    const owner = owners.get(cluster);
    owners.set(cluster, owner ?? values);
    if (owner === undefined) return [];
    return [
      {
        code: 'E2704',
        title: 'cluster shared by two environments',
        place: place(values, 'cluster.name'),
        found: `${cluster} is ${owner.environment}'s cluster`,
        expected: 'a cluster for each environment',
        todo: 'give it a project or a name of its own',
      },
    ];
  });
}
