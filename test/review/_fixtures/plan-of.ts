import type { PlanJson, PlanResource } from '../../../terrace/terraform/plan-json';
import type { Json, JsonObject } from '../../../terrace/base/json';

/** One resource of a made-up plan; absent `before` creates, absent `after` deletes. */
export interface MadeChange {
  readonly address: string;
  readonly before?: JsonObject;
  readonly after?: JsonObject;
  /** Mask: names of attributes known only after apply. */
  readonly unknown?: readonly string[];
  /** Names of attributes that are sensitive. */
  readonly sensitive?: readonly string[];
  readonly replace?: readonly string[];
  readonly movedFrom?: string;
  readonly imports?: string;
  readonly reason?: string;
  /** Argument → references of the configuration. */
  readonly refers?: { readonly [argument: string]: readonly string[] };
  readonly provisioners?: readonly string[];
  readonly actions?: readonly string[];
}

const hosts: Readonly<Record<string, string>> = {
  aws: 'hashicorp/aws',
  azurerm: 'hashicorp/azurerm',
  cloudflare: 'cloudflare/cloudflare',
  hcloud: 'hetznercloud/hcloud',
  kubernetes: 'hashicorp/kubernetes',
  supabase: 'supabase/supabase',
  upstash: 'upstash/upstash',
};

function typeOf(address: string): string {
  return (
    address
      .replace(/^data\./, '')
      .replace(/^(?:module\.[^.]+\.)+/, '')
      .split('.')[0] ?? ''
  );
}

function actionsOf(change: MadeChange): readonly string[] {
  if (change.actions !== undefined) return change.actions;
  if (change.address.startsWith('data.')) return ['read'];
  if (change.before === undefined) return ['create'];
  if (change.after === undefined) return ['delete'];
  if (change.replace !== undefined) return ['delete', 'create'];
  return JSON.stringify(change.before) === JSON.stringify(change.after) && (change.unknown ?? []).length === 0 ? ['no-op'] : ['update'];
}

function mask(names: readonly string[] | undefined): { readonly [name: string]: true } {
  return Object.fromEntries((names ?? []).map((name) => [name, true]));
}

export function madeResource(change: MadeChange): PlanResource {
  const type = typeOf(change.address);
  return {
    address: change.address,
    ...(change.movedFrom === undefined ? {} : { previous_address: change.movedFrom }),
    mode: change.address.startsWith('data.') ? 'data' : 'managed',
    type,
    name: change.address.split('.').at(-1)?.replace(/\[.*$/, '') ?? '',
    provider_name: `registry.terraform.io/${hosts[type.split('_')[0] ?? ''] ?? 'terrace/made'}`,
    change: {
      actions: actionsOf(change),
      before: change.before ?? null,
      after: change.after ?? null,
      after_unknown: mask(change.unknown),
      before_sensitive: mask(change.before === undefined ? [] : change.sensitive),
      after_sensitive: mask(change.after === undefined ? [] : change.sensitive),
      ...(change.replace === undefined ? {} : { replace_paths: change.replace.map((path) => path.split('.')) }),
      ...(change.imports === undefined ? {} : { importing: { id: change.imports } }),
    },
    ...(change.reason === undefined ? {} : { action_reason: change.reason }),
  };
}

export interface MadePlan {
  readonly changes?: readonly MadeChange[];
  readonly drift?: readonly MadeChange[];
  readonly outputs?: {
    readonly [name: string]: { readonly before?: Json; readonly after?: Json; readonly unknown?: boolean; readonly sensitive?: boolean };
  };
}

/** A plan as `terraform show -json` writes it, made without terraform. */
export function planOf(made: MadePlan): PlanJson {
  const changes = made.changes ?? [];
  return {
    format_version: '1.2',
    terraform_version: '1.11.4',
    resource_changes: changes.map(madeResource),
    resource_drift: (made.drift ?? []).map(madeResource),
    output_changes: Object.fromEntries(
      Object.entries(made.outputs ?? {}).map(([name, output]) => [
        name,
        {
          actions: [output.before === undefined ? 'create' : output.after === undefined && output.unknown !== true ? 'delete' : 'update'],
          before: output.before ?? null,
          ...(output.after === undefined ? {} : { after: output.after }),
          after_unknown: output.unknown === true,
          before_sensitive: output.sensitive === true,
          after_sensitive: output.sensitive === true,
        },
      ]),
    ),
    configuration: {
      root_module: {
        resources: changes
          .filter(({ after }) => after !== undefined)
          .map((change) => ({
            address: change.address.replaceAll(/\[[^\]]*\]/g, ''),
            type: typeOf(change.address),
            expressions: Object.fromEntries(
              [
                ...Object.keys(change.after ?? {}).filter(
                  (name) => !(change.unknown ?? []).includes(name) || change.refers?.[name] !== undefined,
                ),
                ...Object.keys(change.refers ?? {}),
              ].map((name) => [name, { references: change.refers?.[name] ?? [] }]),
            ),
            ...(change.provisioners === undefined ? {} : { provisioners: change.provisioners.map((type) => ({ type })) }),
          })),
      },
    },
  };
}
