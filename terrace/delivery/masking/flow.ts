import { isObject, type Json, type JsonObject } from '../../base/json';
import type { Mask, PlanChange, PlanJson } from '../../terraform/plan-json';
import { instanceReferences } from '../../terraform/instance-references';
import { argumentsOf, meaningsOf, placeIn, type Place, type Scope } from '../../terraform/scope';
import { readTemplate, type TemplateCall } from '../../terraform/template';

/** What in a unit's configuration is secret. */
export interface SecretSources {
  /** Names of variables. */
  readonly variables: ReadonlySet<string>;
  /** Outputs of other states, as they are referred to: terraform forgets that they are sensitive. */
  readonly outputs: ReadonlySet<string>;
}

/** Functions that leave a secret in a form in which it is found by its value. */
const recognised = new Set(
  `base64encode base64gzip chomp coalesce compact concat element flatten indent join jsonencode keys lookup merge nonsensitive one sensitive sort
  tolist tomap toset tostring trimspace try urlencode values yamlencode zipmap`.split(/\s+/),
);

/** What a format writes whole: with a precision only a part of the secret would stand there. */
const wholeFormat = /^(?:[^%]|%%|%[sqvd])*$/;

function isRecognised({ name, path: first }: TemplateCall): boolean {
  const plain = name.replace(/^core::/, '');
  return recognised.has(plain) || (/^format(?:list)?$/.test(plain) && first !== null && wholeFormat.test(first));
}

/** What is known of a reference: it is secret, and whether terraform knows so. What is echoed is found by its value until something is made of it. */
type Flow = 'none' | 'marked' | 'echoed' | 'lost';

/**
 * Values of a plan that are made of secrets and that terraform does not mark: what `nonsensitive()` gives, and what comes of outputs of other
 * states, through locals, outputs, attributes that refer to them, and arguments and outputs of modules in the unit's folder. Found by reading
 * the unit's configuration, so whatever a function made of the secret is found as well. Pure.
 */
export function lostSecrets(plan: PlanJson, root: Scope, sources: SecretSources): readonly Json[] {
  const sensitive = new Set((plan.resource_changes ?? []).flatMap(({ address, change }) => sensitiveAttributes(address, change)));
  const known = new Map<string, Flow>();

  const flowOf = (reference: string, place: Place): Flow => {
    const isIterator = place.iterators.has(reference.split('.')[0] ?? '');
    return isIterator
      ? flowOfMeanings(reference, place)
      : once(`${place.scope.prefix}${reference}`, () => configuredFlow(reference, place));
  };
  const flowOfMeanings = (reference: string, place: Place): Flow =>
    strongest(meaningsOf(reference, place).map(({ value, place: from }) => flowIn(value, from)));
  const configuredFlow = (reference: string, place: Place): Flow => {
    const { scope } = place;
    const [first = '', second = '', third = '', fourth = ''] = reference.split('.');
    const isRoot = scope.caller === undefined;
    // One that is declared without the mark is nothing to terraform.
    if (first === 'var' && isRoot) return sources.variables.has(second) ? (isDeclaredPlain(scope, second) ? 'lost' : 'marked') : 'none';
    // States are read by the root alone.
    if (first === 'data' && second === 'terraform_remote_state') return isRoot && sources.outputs.has(reference) ? 'lost' : 'none';
    if (first === 'var' && isDeclaredSensitive(scope, `variable.${second}`)) return 'marked';
    const flow = flowOfMeanings(reference, place);
    const called = first === 'module' ? scope.modules.get(second) : undefined;
    if (called !== undefined && flow !== 'none' && isDeclaredSensitive(called, `output.${third}`)) return 'marked';
    const attribute = first === 'data' ? `data.${second}.${third}.${fourth}` : `${first}.${second}.${third}`;
    // A value that a provider gives back has no mark: from here on nobody but the reader of the configuration knows where it comes from.
    const isEcho = first === 'terraform_data' && third === 'output' && !sensitive.has(`${scope.prefix}${attribute}`);
    if (flow === 'marked' && isEcho) return 'echoed';
    return flow === 'none' && sensitive.has(`${scope.prefix}${attribute}`) ? 'marked' : flow;
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
  const flowIn = (value: unknown, place: Place): Flow => {
    if (Array.isArray(value)) return strongest(value.map((one: unknown) => flowIn(one, place)));
    if (isObject(value))
      return strongest(argumentsOf(value as JsonObject, place).flatMap(([key, inner, at]) => [flowIn(key, place), flowIn(inner, at)]));
    if (typeof value !== 'string' || !(value.includes('${') || value.includes('%{'))) return 'none';
    const { calls, references } = read(value);
    const flow = strongest([...references, ...instanceReferences(value)].map((reference) => flowOf(reference, place)));
    const calling = new Set(calls.map(({ name }) => name.replace(/^core::/, '')));
    if (flow === 'marked' && calling.has('nonsensitive')) return 'lost';
    if (flow === 'echoed') return calls.every(isRecognised) ? 'echoed' : 'lost';
    // Whoever wraps it knows: the whole value is marked from there on.
    return flow === 'lost' && calling.has('sensitive') && !calling.has('nonsensitive') ? 'marked' : flow;
  };
  const lostIn = (config: unknown, value: Json | undefined, place: Place): readonly Json[] => {
    if (value === undefined || value === null || flowIn(config, place) !== 'lost') return [];
    if (Array.isArray(config)) {
      if (!Array.isArray(value)) return config.flatMap((item: unknown) => lostIn(item, value, place));
      const items: readonly Json[] = value;
      return config.length === items.length
        ? config.flatMap((item: unknown, index) => lostIn(item, items[index], place))
        : config.flatMap((item: unknown) => items.flatMap((one) => lostIn(item, one, place)));
    }
    if (Array.isArray(value)) return isObject(config) ? value.flatMap((one: Json) => lostIn(config, one, place)) : [value];
    if (!isObject(config) || !isObject(value)) return [value];
    const entries = argumentsOf(config as JsonObject, place);
    return entries.some(([key]) => flowIn(key, place) === 'lost')
      ? [value]
      : entries.flatMap(([key, inner, at]) => lostIn(inner, value[key], at));
  };

  const changes = [...(plan.resource_changes ?? []), ...(plan.resource_drift ?? [])].flatMap(({ address, module_address, change }) => {
    const scope = scopeAt(root, module_address);
    if (scope === undefined) return [];
    const own = withoutIndices(address).slice(scope.prefix.length);
    return (scope.bodies.get(own) ?? []).flatMap((body) =>
      argumentsOf(body, placeIn(scope, body)).flatMap(([name, config, place]) =>
        [change.before, change.after].flatMap((value) => (isObject(value) ? lostIn(config, value[name], place) : [])),
      ),
    );
  });
  const outputs = root.blocks.flatMap(({ kind, labels: [name = ''], body }) => {
    const change = kind === 'output' ? plan.output_changes?.[name] : undefined;
    return change === undefined ? [] : [change.before, change.after].flatMap((value) => lostIn(body['value'], value, placeIn(root, {})));
  });
  return [...changes, ...outputs].filter((value) => value !== '' && typeof value !== 'boolean');
}

/** The configuration of a module by the address of an instance of it. */
function scopeAt(root: Scope, address: string | undefined): Scope | undefined {
  const names = address === undefined ? [] : [...withoutIndices(address).matchAll(/module\.([^.]+)/g)].map(([, name = '']) => name);
  return names.reduce<Scope | undefined>((scope, name) => scope?.modules.get(name), root);
}

function isDeclaredSensitive(scope: Scope, name: string): boolean {
  return (scope.bodies.get(name) ?? []).some(({ sensitive }) => sensitive === true || sensitive === '${true}');
}

function isDeclaredPlain(scope: Scope, variable: string): boolean {
  return scope.bodies.has(`variable.${variable}`) && !isDeclaredSensitive(scope, `variable.${variable}`);
}

/** An address without the indices of instances: keys may hold anything. */
function withoutIndices(address: string): string {
  return address.replaceAll(/\[(?:\d+|"(?:[^"\\]|\\.)*")\]/gs, '');
}

/** Attributes of a change that terraform marks as a whole, or in a part. */
function sensitiveAttributes(address: string, { before_sensitive, after_sensitive }: PlanChange): readonly string[] {
  return [before_sensitive, after_sensitive].flatMap((mask) =>
    isObject(mask)
      ? Object.entries(mask)
          .filter(([, inner]) => covers(inner))
          .map(([name]) => `${withoutIndices(address)}.${name}`)
      : [],
  );
}

function covers(mask: Mask): boolean {
  return typeof mask === 'boolean' ? mask : (Array.isArray(mask) ? mask : Object.values(mask)).some(covers);
}

function strongest(flows: readonly Flow[]): Flow {
  return (['lost', 'echoed', 'marked'] as const).find((flow) => flows.includes(flow)) ?? 'none';
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
