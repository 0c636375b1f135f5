import type { Block } from '../schema/schema';
import type { ResourceCall } from './context';
import { familyOf } from './family';
import { singularNames } from './words';

/** What a data source looks for: resource types that it takes for one, and whether it lists them or finds one. */
export interface Target {
  readonly types: readonly string[];
  /** Schema of the first type, by which the arguments and answers of the data source are related to it. */
  readonly block: Block;
  readonly lists: boolean;
}

/**
 * The resource types behind a data source: the overlay's word (`finds`, `lists`), else the type of its own name, else the type whose plural its
 * name is (`aws_subnets`, `aws_ami_ids`, `kubernetes_all_namespaces`, `cloudflare_snippet_list`). Undefined where no type stands behind it.
 */
export function targetOf(call: ResourceCall): Target | undefined {
  const { overlay, name, schemas } = call.provider;
  const rules = overlay.dataSources?.[call.type];
  if (rules?.finds === null) return undefined;
  const said = rules?.lists ?? rules?.finds;
  if (said !== undefined) return target(call, said.split('|'), rules?.lists !== undefined);
  if (schemas.resource(call.type) !== undefined) return target(call, [call.type], false);
  const bare = call.type.slice(name.length + 1);
  const singular = [bare.replace(/_data$/, '')].filter((one) => one !== bare);
  const listed = [bare.replace(/^all_/, ''), bare.replace(/_ids$/, 's'), bare.replace(/_list$/, '')];
  const found = singular.map((one) => `${name}_${one}`).find((type) => schemas.resource(type) !== undefined);
  if (found !== undefined) return target(call, [found], false);
  for (const one of listed) {
    const candidates =
      one === bare || !bare.endsWith('_list') ? singularNames(`${name}_${one}`) : [`${name}_${one}`, ...singularNames(`${name}_${one}`)];
    const type = candidates.find((candidate) => schemas.resource(candidate) !== undefined);
    if (type !== undefined) return target(call, [type], true);
  }
  return undefined;
}

function target(call: ResourceCall, types: readonly string[], lists: boolean): Target | undefined {
  const [first = ''] = types;
  const schema = call.provider.schemas.resource(first);
  return schema === undefined
    ? undefined
    : { types: [...new Set(types.flatMap((type) => familyOf(call.provider, type)))].filter(isOwn), block: schema.block, lists };
}

/** What `aws_default_vpc` takes into care is the VPC that is there already, under its own type. */
function isOwn(type: string): boolean {
  return type.split('_')[1] !== 'default';
}
