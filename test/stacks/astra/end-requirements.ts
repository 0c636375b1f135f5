import { at, environments, listOf, resources, type AstraTree } from './astra-tree';
import { holds, type Requirement, same } from './requirement';

/** Images of all containers of an environment. */
function images(tree: AstraTree, environment: (typeof environments)[number]): readonly string[] {
  return [
    ...['kubernetes_deployment_v1', 'kubernetes_stateful_set_v1'].flatMap((type) =>
      resources(tree, environment, type).flatMap(({ body }) => listOf(at(body, 'spec', 'template', 'spec', 'container'))),
    ),
    ...resources(tree, environment, 'kubernetes_cron_job_v1').flatMap(({ body }) =>
      listOf(at(body, 'spec', 'job_template', 'spec', 'template', 'spec', 'container')),
    ),
  ].map((container) => String(container['image']));
}

/** What holds over all environments: secrets, images, security contexts, documents. */
export const endRequirements: Readonly<Record<string, Requirement>> = {
  'A-03/hardening': {
    title: 'no container runs as root, writes to its image, gains rights or holds a token of the cluster',
    check: (tree) =>
      environments.flatMap((environment) =>
        (
          [
            ['kubernetes_deployment_v1', ['spec', 'template', 'spec']],
            ['kubernetes_stateful_set_v1', ['spec', 'template', 'spec']],
            ['kubernetes_cron_job_v1', ['spec', 'job_template', 'spec', 'template', 'spec']],
          ] as const
        ).flatMap(([type, way]) =>
          resources(tree, environment, type).flatMap(({ unit, body }) => {
            const pod = at(body, ...way);
            return [
              ...same(
                `${unit} pod`,
                [at(pod, 'security_context', 'run_as_non_root'), at(pod, 'automount_service_account_token')],
                [true, false],
              ),
              ...listOf(at(pod, 'container')).flatMap((container) => [
                ...same(
                  `${unit} container`,
                  [
                    at(container, 'security_context', 'allow_privilege_escalation'),
                    at(container, 'security_context', 'read_only_root_filesystem'),
                    at(container, 'security_context', 'capabilities', 'drop'),
                  ],
                  [false, true, ['ALL']],
                ),
                ...holds(`${unit} has no limits`, at(container, 'resources', 'limits', 'memory') !== undefined),
              ]),
            ];
          }),
        ),
      ),
  },
  'A-03/secrets': {
    title: 'every value of a secret is a sensitive variable without default, and no chart is given one',
    check: (tree) =>
      Object.entries(tree.units).flatMap(([unit, json]) => [
        ...Object.values(at<Record<string, unknown>>(json, 'resource', 'kubernetes_secret_v1') ?? {}).flatMap((body) =>
          Object.entries(at<Record<string, unknown>>(body, 'data') ?? {}).flatMap(([key, value]) => {
            const variable = /^\$\{var\.(\w+)\}$/.exec(String(value))?.[1];
            const block = at(json, 'variable', variable ?? '');
            return [
              ...holds(`${unit} ${key} is no variable`, variable !== undefined),
              ...same(`${unit} ${key}`, [at(block, 'sensitive'), at(block, 'default')], [true, undefined]),
            ];
          }),
        ),
        ...Object.values(at<Record<string, unknown>>(json, 'resource', 'helm_release') ?? {}).flatMap((body) =>
          holds(`${unit} gives a chart a secret`, !/\$\{var\./.test(JSON.stringify(at(body, 'values')))),
        ),
        ...holds(`${unit} has a manifest`, at(json, 'resource', 'kubernetes_manifest') === undefined),
      ]),
  },
  'A-03/images': {
    title: "a service's tag is a variable, which takes releases only in staging and production; every other image has an exact tag",
    check: (tree) =>
      environments.flatMap((environment) => [
        ...same(`${environment} images`, [...new Set(images(tree, environment))].sort(), [
          'docker.io/astraplus/backend:${var.backend_image_tag}',
          'docker.io/astraplus/frontend:${var.frontend_image_tag}',
          'docker.io/library/postgres:17.6',
        ]),
        ...(['frontend', 'backend'] as const).flatMap((service) => {
          const variable = at(tree.units[`${environment}/europe-west1/apps/${service}`], 'variable', `${service}_image_tag`);
          const condition = String(at(variable, 'validation', 0, 'condition'));
          const pattern = new RegExp(/regex\("(.+)", var/.exec(condition)?.[1] ?? '(?!)');
          return [
            ...same(`${environment} ${service} default`, at(variable, 'default'), undefined),
            ...same(
              `${environment} ${service} takes`,
              ['1.4.0', 'v2.0.1-rc.1', '0123456789abcdef', 'latest', '1.4', ''].filter((tag) => pattern.test(tag)),
              environment === 'development' ? ['1.4.0', 'v2.0.1-rc.1', '0123456789abcdef', 'latest', '1.4'] : ['1.4.0', 'v2.0.1-rc.1'],
            ),
          ];
        }),
      ]),
  },
  'A-14': {
    title: 'the five documents are there, and the one of environments names each of them and its cluster',
    check: ({ documents }) => [
      ...same(
        'documents',
        Object.keys(documents)
          .filter((name) => name !== 'diagrams')
          .sort(),
        ['ci-cd', 'environments', 'repo-structure', 'secrets', 'terraform'],
      ),
      ...environments.flatMap((environment) =>
        holds(`${environment} and its cluster`, documents['environments']?.includes(`\`${environment}-cluster\``) === true),
      ),
    ],
  },
  'A-15': {
    title: 'development is deployed by itself, staging after it, and production not before it is built',
    check: ({ jobs }) => [
      ...same('development', at(jobs, 'development-1', 'with', 'target'), 'astra/development'),
      ...same('staging', at(jobs, 'staging-1', 'with', 'target'), 'astra/staging'),
      ...holds('staging waits for development', waitsFor(jobs, 'staging-1').includes('development-1')),
      ...holds('production waits for staging', waitsFor(jobs, 'production').includes('staging-1')),
      ...holds(
        'production only says that it is planned',
        at(jobs, 'production', 'uses') === undefined &&
          listOf(at(jobs, 'production', 'steps')).every(({ run }) => /no longer planned/.test(String(run)) && /exit 1/.test(String(run))),
      ),
      ...same('what production may do', at(jobs, 'production', 'permissions'), {}),
    ],
  },
};

function waitsFor(jobs: AstraTree['jobs'], job: string): readonly unknown[] {
  return [at(jobs, job, 'needs') ?? []].flat();
}
