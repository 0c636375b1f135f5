import { isObject, type Json } from '../../base/json';
import { blocksOf, type Block } from '../../terraform/blocks';
import type { Mask, PlanChange, PlanJson } from '../../terraform/plan-json';
import { readTemplate } from '../../terraform/template';

/** What in a unit's configuration is secret. */
export interface SecretSources {
  /** Names of variables. */
  readonly variables: ReadonlySet<string>;
  /** Outputs of other states, as they are referred to: terraform forgets that they are sensitive. */
  readonly outputs: ReadonlySet<string>;
}

/** What is known of a reference: it is secret, and whether terraform knows so. */
type Flow = 'none' | 'marked' | 'lost';

/**
 * Values of a plan that are made of secrets and that terraform does not mark: what `nonsensitive()` gives, and what comes of outputs of other
 * states, through locals, outputs and attributes that refer to them. Found by reading the unit's configuration, so whatever a function made of
 * the secret is found as well. Configurations in folders of the unit are not followed. Pure.
 */
export function lostSecrets(plan: PlanJson, configuration: unknown, sources: SecretSources): readonly Json[] {
  const blocks = blocksOf(configuration);
  const locals = new Map(blocks.filter(({ kind }) => kind === 'locals').flatMap(({ body }) => Object.entries(body)));
  const resources = new Map(blocks.filter(isResource).map((block) => [addressOf(block), block.body]));
  const sensitive = new Set((plan.resource_changes ?? []).flatMap(({ address, change }) => sensitiveAttributes(address, change)));
  const known = new Map<string, Flow>();

  const flowOf = (reference: string): Flow => {
    const [first = '', second = '', third = ''] = reference.split('.');
    if (first === 'var') return sources.variables.has(second) ? 'marked' : 'none';
    if (first === 'local') return once(`local.${second}`, () => flowIn(locals.get(second)));
    if (first === 'data' && second === 'terraform_remote_state') return sources.outputs.has(reference) ? 'lost' : 'none';
    const [address, attribute = ''] =
      first === 'data' ? [`data.${second}.${third}`, reference.split('.')[3]] : [`${first}.${second}`, third];
    const argument = first === 'terraform_data' && attribute === 'output' ? 'input' : attribute;
    const flow = once(`${address}.${argument}`, () => flowIn(resources.get(address)?.[argument]));
    return flow === 'none' && sensitive.has(`${address}.${attribute}`) ? 'marked' : flow;
  };
  const once = (name: string, find: () => Flow): Flow => {
    const found = known.get(name);
    if (found !== undefined) return found;
    // What refers to itself is refused by terraform.
    known.set(name, 'none');
    const flow = find();
    known.set(name, flow);
    return flow;
  };
  const flowIn = (value: unknown): Flow => {
    if (Array.isArray(value)) return strongest(value.map(flowIn));
    if (isObject(value)) return strongest(Object.entries(value).flatMap(([key, inner]) => [flowIn(key), flowIn(inner)]));
    if (typeof value !== 'string' || !(value.includes('${') || value.includes('%{'))) return 'none';
    const { calls, references } = read(value);
    const flow = strongest([...references, ...ofInstances(value)].map(flowOf));
    const calling = new Set(calls.map(({ name }) => name.replace(/^core::/, '')));
    if (flow === 'marked' && calling.has('nonsensitive')) return 'lost';
    // Whoever wraps it knows: the whole value is marked from there on.
    return flow === 'lost' && calling.has('sensitive') && !calling.has('nonsensitive') ? 'marked' : flow;
  };
  const lostIn = (config: unknown, value: Json | undefined): readonly Json[] => {
    if (value === undefined || value === null || flowIn(config) !== 'lost') return [];
    if (Array.isArray(config)) {
      if (!Array.isArray(value)) return config.flatMap((item) => lostIn(item, value));
      const items: readonly Json[] = value;
      return config.length === items.length
        ? config.flatMap((item, index) => lostIn(item, items[index]))
        : config.flatMap((item) => items.flatMap((one) => lostIn(item, one)));
    }
    if (Array.isArray(value)) return isObject(config) ? value.flatMap((one: Json) => lostIn(config, one)) : [value];
    if (!isObject(config) || !isObject(value)) return [value];
    const keyed = Object.entries(config).some(([key]) => flowIn(key) === 'lost');
    return keyed ? [value] : Object.entries(config).flatMap(([key, inner]) => lostIn(inner, value[key]));
  };

  const changes = [...(plan.resource_changes ?? []), ...(plan.resource_drift ?? [])].flatMap(({ address, module_address, change }) => {
    const body = module_address === undefined ? resources.get(withoutIndex(address)) : undefined;
    if (body === undefined) return [];
    return Object.entries(body).flatMap(([name, config]) =>
      [change.before, change.after].flatMap((value) => (isObject(value) ? lostIn(config, value[name]) : [])),
    );
  });
  const outputs = blocks.flatMap(({ kind, labels: [name = ''], body }) => {
    const change = kind === 'output' ? plan.output_changes?.[name] : undefined;
    return change === undefined ? [] : [change.before, change.after].flatMap((value) => lostIn(body['value'], value));
  });
  return [...changes, ...outputs].filter((value) => value !== '' && typeof value !== 'boolean');
}

/** References to attributes of instances, `a.b[0].c` and `a.b[*].c`, as those of their resource. */
function ofInstances(text: string): readonly string[] {
  return [...text.matchAll(/([\p{L}_][\w-]*(?:\.[\p{L}_][\w-]*)+)\[[^\]]*\]\.([\p{L}_][\w-]*)/gu)].map(
    ([, before, after]) => `${before}.${after}`,
  );
}

function isResource({ kind }: Block): boolean {
  return kind === 'resource' || kind === 'data';
}

function addressOf({ kind, labels }: Block): string {
  return [...(kind === 'data' ? ['data'] : []), ...labels].join('.');
}

function withoutIndex(address: string): string {
  return address.replace(/\[(?:\d+|".*")\]$/s, '');
}

/** Attributes of a change that terraform marks as a whole, or in a part. */
function sensitiveAttributes(address: string, { before_sensitive, after_sensitive }: PlanChange): readonly string[] {
  return [before_sensitive, after_sensitive].flatMap((mask) =>
    isObject(mask)
      ? Object.entries(mask)
          .filter(([, inner]) => covers(inner))
          .map(([name]) => `${withoutIndex(address)}.${name}`)
      : [],
  );
}

function covers(mask: Mask): boolean {
  return typeof mask === 'boolean' ? mask : (Array.isArray(mask) ? mask : Object.values(mask)).some(covers);
}

function strongest(flows: readonly Flow[]): Flow {
  return flows.includes('lost') ? 'lost' : flows.includes('marked') ? 'marked' : 'none';
}

function read(text: string): ReturnType<typeof readTemplate> {
  try {
    return readTemplate(text);
  } catch (error) {
    // Judged before: a unit with such a text is not planned.
    if (error instanceof SyntaxError) return { calls: [], references: [] };
    throw error;
  }
}
