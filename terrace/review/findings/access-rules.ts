import type { ResourceChange } from '../plan/plan-model';
import { isMap, texts, type ShownValue, type ShownObject } from '../values/shown-value';

import { isWritten, valueAt, valuesAt, some, word } from './value-at';
import type { ChangeRule } from './rule';

/** Roles that may change anything, or give themselves more. */
const ownerRole = /owner|contributor|administrator|editor|admin$/i;

/** `resource verb` pairs that a Kubernetes role gives, with `*` as its own. */
function rightsOf(object: ShownObject | null): readonly { readonly resource: string; readonly verb: string }[] {
  return valuesAt(object, 'rule')
    .filter(isMap)
    .flatMap((rule) => {
      const groups = texts(rule['api_groups']);
      return texts(rule['resources']).flatMap((resource) =>
        texts(rule['verbs']).map((verb) => ({ resource: groups.includes('*') ? `*/${resource}` : resource, verb })),
      );
    });
}

function containers(object: ShownObject | null): readonly ShownObject[] {
  return [
    ...valuesAt(object, 'spec.template.spec.container'),
    ...valuesAt(object, 'spec.template.spec.init_container'),
    ...valuesAt(object, 'spec.job_template.spec.template.spec.container'),
  ].filter(isMap);
}

/** What a pod may do to its node, as words. */
function privileges(object: ShownObject | null): readonly string[] {
  const spec = valueAt(object, 'spec.template.spec') ?? valueAt(object, 'spec.job_template.spec.template.spec');
  return [
    ...['host_network', 'host_pid', 'host_ipc'].filter((name) => valueAt(spec, name) === true),
    ...(valuesAt(spec, 'volume.host_path').length > 0 ? ['host_path volume'] : []),
    ...containers(object).flatMap((container) => [
      ...(valueAt(container, 'security_context.privileged') === true ? ['privileged'] : []),
      ...(valueAt(container, 'security_context.allow_privilege_escalation') === true ? ['privilege escalation'] : []),
      ...texts(valueAt(container, 'security_context.capabilities.add')).map((name) => `capability ${name}`),
    ]),
  ];
}

/** Tags that are given to one image after the other. */
const floating = /:(?:latest|stable|edge|nightly|main|master|dev|develop|\d+)$/;

/** What runs as root, or may: the pod's account counts where the container names none. */
function rootContainers(object: ShownObject | null): readonly string[] {
  const spec = valueAt(object, 'spec.template.spec') ?? valueAt(object, 'spec.job_template.spec.template.spec');
  const account = (part: ShownValue | undefined, name: string): string => word(valueAt(part, `security_context.${name}`));
  return containers(object)
    .filter((container) => {
      const user = [account(container, 'run_as_user'), account(spec, 'run_as_user')].find((one) => one !== 'not set');
      const guarded = [account(container, 'run_as_non_root'), account(spec, 'run_as_non_root')].find((one) => one !== 'not set');
      return user === '0' || guarded === 'false';
    })
    .map((container) => word(valueAt(container, 'name')));
}

function newOnes(change: ResourceChange, of: (object: ShownObject | null) => readonly string[]): readonly string[] {
  const before = new Set(of(change.before));
  return isWritten(change) ? of(change.after).filter((text) => !before.has(text)) : [];
}

export const accessRules: readonly ChangeRule[] = [
  {
    scope: 'change',
    id: 'azure-role-assigned',
    title: 'An Azure role is assigned',
    severity: 'medium',
    explain:
      'The role applies to everything within its scope, including what is added later. Owner and Contributor of a subscription can do everything.',
    *check(change) {
      if (change.type !== 'azurerm_role_assignment' || !isWritten(change)) return;
      const role = word(valueAt(change.after, 'role_definition_name') ?? valueAt(change.after, 'role_definition_id'));
      const scope = word(valueAt(change.after, 'scope'));
      if (
        change.before !== null &&
        word(valueAt(change.before, 'role_definition_name')) === role &&
        word(valueAt(change.before, 'scope')) === scope
      )
        return;
      const wide = /^\/subscriptions\/[^/]+$/.test(scope);
      yield {
        reason: `${role} on ${scope}`,
        severity:
          ownerRole.test(role) && !/secrets|crypto|blob|reader/i.test(role) ? (wide ? 'critical' : 'high') : wide ? 'high' : 'medium',
        attribute: 'role_definition_name',
      };
    },
  },
  {
    scope: 'change',
    id: 'google-role-granted',
    title: 'A Google role is granted',
    severity: 'medium',
    explain: 'The member has the role in the whole project. Editor and Owner may read and change nearly everything.',
    *check(change) {
      if (!/^google_.*_iam_(?:member|binding)$/.test(change.type) || !isWritten(change)) return;
      const grants = (object: ShownObject | null): readonly string[] =>
        [...valuesAt(object, 'member'), ...valuesAt(object, 'members')].map(
          (member) => `${word(valueAt(object, 'role'))} to ${word(member)}`,
        );
      const added = newOnes(change, grants);
      if (added.length > 0)
        yield {
          reason: some(added),
          severity: added.some((text) => /allUsers|allAuthenticatedUsers|roles\/owner/.test(text))
            ? 'critical'
            : added.some((text) => /roles\/editor|admin/i.test(text))
              ? 'high'
              : 'medium',
          attribute: 'role',
        };
    },
  },
  {
    scope: 'change',
    id: 'kubernetes-role-widened',
    title: 'A Kubernetes role allows more',
    severity: 'high',
    explain: 'Whoever may read secrets, create pods or change roles can do nearly everything in a namespace. Name resources and verbs.',
    *check(change) {
      if (!/^kubernetes_(?:cluster_)?role(?:_v1)?$/.test(change.type) || !isWritten(change)) return;
      const before = rightsOf(change.before);
      const added = rightsOf(change.after).filter(
        (right) =>
          !before.some(
            (other) => (other.resource === '*' || other.resource === right.resource) && (other.verb === '*' || other.verb === right.verb),
          ),
      );
      if (added.length === 0) return;
      const strong = added.some(
        ({ resource, verb }) =>
          verb === '*' || resource.includes('*') || ['secrets', 'roles', 'clusterroles', 'rolebindings', 'pods/exec'].includes(resource),
      );
      yield {
        reason: `newly allows ${some(added.map(({ resource, verb }) => `${verb} ${resource}`))}`,
        severity: strong ? 'high' : 'medium',
        attribute: 'rule',
      };
    },
  },
  {
    scope: 'change',
    id: 'kubernetes-role-bound',
    title: 'A Kubernetes role is bound to somebody',
    severity: 'medium',
    explain: 'The subject has the role’s rights at once; cluster-admin may do everything in the cluster.',
    *check(change) {
      if (!/^kubernetes_(?:cluster_)?role_binding(?:_v1)?$/.test(change.type)) return;
      const subjects = (object: ShownObject | null): readonly string[] =>
        valuesAt(object, 'subject').map(
          (subject) => `${word(valueAt(object, 'role_ref.name'))} to ${word(valueAt(subject, 'kind'))} ${word(valueAt(subject, 'name'))}`,
        );
      const added = newOnes(change, subjects);
      if (added.length > 0)
        yield {
          reason: some(added),
          severity: added.some((text) => /^cluster-admin|system:(?:anonymous|unauthenticated|authenticated)/.test(text))
            ? 'critical'
            : 'medium',
          attribute: 'subject',
        };
    },
  },
  {
    scope: 'change',
    id: 'pod-privileged',
    title: 'A pod may reach its node',
    severity: 'high',
    explain: 'With a privileged pod, the host’s network or a host path, a compromised container can take over the node and its neighbours.',
    *check(change) {
      if (!/^kubernetes_(?:deployment|stateful_set|daemon_set|daemonset|job|cron_job)(?:_v1)?$/.test(change.type)) return;
      const added = newOnes(change, privileges);
      if (added.length > 0) yield { reason: some(added), attribute: 'spec' };
    },
  },
  {
    scope: 'change',
    id: 'container-runs-as-root',
    title: 'A container runs as root',
    severity: 'high',
    explain: 'Root inside a container is root on its node if it breaks out. Give it its own user and set run_as_non_root.',
    *check(change) {
      if (!/^kubernetes_(?:deployment|stateful_set|daemon_set|daemonset|job|cron_job)(?:_v1)?$/.test(change.type)) return;
      const added = newOnes(change, rootContainers);
      if (added.length > 0) yield { reason: `${some(added)} may run as root`, attribute: 'spec' };
    },
  },
  {
    scope: 'change',
    id: 'image-not-pinned',
    title: 'An image is not pinned',
    severity: 'medium',
    explain: 'The tag may point to a different image tomorrow, so what runs is not what was reviewed. Use a release tag or a digest.',
    *check(change) {
      const images = (object: ShownObject | null): readonly string[] => {
        const found = [...containers(object).map((container) => word(valueAt(container, 'image'))), ...taskImages(object)];
        return found.filter((image) => floating.test(image) || (/^[\w./-]+$/.test(image) && image !== 'not set'));
      };
      const added = newOnes(change, images);
      if (added.length > 0) yield { reason: some(added), attribute: 'image' };
    },
  },
  {
    scope: 'change',
    id: 'api-token-widened',
    title: 'An API token gets more rights',
    severity: 'high',
    explain: 'Whoever has the token has its rights, from anywhere. Use one token per purpose, with the fewest permissions.',
    *check(change) {
      if (change.type !== 'cloudflare_api_token' && change.type !== 'cloudflare_account_token') return;
      const grants = (object: ShownObject | null): readonly string[] =>
        valuesAt(object, 'policies')
          .filter((policy) => valueAt(policy, 'effect') !== 'deny')
          .flatMap((policy) =>
            valuesAt(policy, 'permission_groups.id').map((group) => `permission ${word(group)} on ${word(valueAt(policy, 'resources'))}`),
          );
      const added = newOnes(change, grants);
      if (added.length > 0) yield { reason: some(added, 2), attribute: 'policies' };
      const limited = (object: ShownObject | null): boolean => valueAt(object, 'condition.request_ip') !== undefined;
      if (change.after !== null && limited(change.before) && !limited(change.after))
        yield { reason: 'it may be used from any address', attribute: 'condition' };
    },
  },
];

/** Images in the container definitions of an ECS task, a JSON document in a string. */
function taskImages(object: ShownObject | null): readonly string[] {
  const definitions = object?.['container_definitions'];
  if (typeof definitions !== 'string') return [];
  try {
    const list: unknown = JSON.parse(definitions);
    return Array.isArray(list)
      ? list.map((container: { readonly image?: unknown }) => container.image).filter((image) => typeof image === 'string')
      : [];
  } catch {
    return [];
  }
}
