import type { PlanConfigModule, PlanConfigResource, PlanExpression, PlanJson } from '../../terraform/plan-json';

import type { ProviderArgument } from './plan-model';

/** What the configuration says of one resource: its arguments, each with what it refers to. */
export interface Configured {
  /** Argument or block → references (`aws_kms_key.main.arn`, `data.terraform_remote_state.vpc.outputs.vpc_id`, …). */
  readonly references: ReadonlyMap<string, readonly string[]>;
  /** Arguments written as they are, without a reference. */
  readonly literals: ReadonlySet<string>;
  /** Types of its provisioners. */
  readonly provisioners: readonly string[];
}

function isExpression(value: unknown): value is PlanExpression {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function referencesOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(referencesOf);
  if (!isExpression(value)) return [];
  const { references, constant_value: _, ...blocks } = value;
  return [
    ...(Array.isArray(references) ? references.filter((name) => typeof name === 'string') : []),
    ...Object.values(blocks).flatMap(referencesOf),
  ];
}

/** Keeps the most exact references: terraform lists `a.b.c`, `a.b` and `a` for one use of `a.b.c`. */
export function exactReferences(references: readonly string[]): readonly string[] {
  const all = [...new Set(references)];
  return all.filter((name) => !all.some((other) => other !== name && (other.startsWith(`${name}.`) || other.startsWith(`${name}[`))));
}

/** The arguments of the configuration's provider blocks that refer to something, sorted by provider and name. */
export function providerArguments(plan: PlanJson, nameOf: (fullName: string) => string): readonly ProviderArgument[] {
  const found = Object.values(plan.configuration?.provider_config ?? {}).flatMap(({ full_name, expressions = {} }) =>
    Object.entries(expressions).flatMap(([name, value]) =>
      referring(name, value).map(({ argument, references }) => ({ provider: nameOf(full_name ?? ''), argument, references })),
    ),
  );
  const key = ({ provider, argument }: ProviderArgument): string => `${provider} ${argument}`;
  return found.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

function referring(argument: string, value: unknown): readonly Omit<ProviderArgument, 'provider'>[] {
  if (Array.isArray(value)) return value.flatMap((one) => referring(argument, one));
  if (!isExpression(value)) return [];
  const { references, constant_value: _, ...blocks } = value;
  const own = Array.isArray(references) ? exactReferences(references.filter((name) => typeof name === 'string')) : [];
  return [
    ...(own.length === 0 ? [] : [{ argument, references: own }]),
    ...Object.entries(blocks).flatMap(([name, block]) => referring(`${argument}.${name}`, block)),
  ];
}

function isLiteral(value: unknown): boolean {
  return isExpression(value) && 'constant_value' in value && (value.references ?? []).length === 0;
}

function read(resource: PlanConfigResource): Configured {
  return {
    references: new Map(
      Object.entries(resource.expressions ?? {}).map(([name, expression]) => [name, exactReferences(referencesOf(expression))]),
    ),
    literals: new Set(Object.entries(resource.expressions ?? {}).flatMap(([name, expression]) => (isLiteral(expression) ? [name] : []))),
    provisioners: (resource.provisioners ?? []).map((provisioner) => provisioner.type),
  };
}

function* walk(module: PlanConfigModule | undefined, prefix: string): Generator<readonly [string, Configured]> {
  for (const resource of module?.resources ?? []) yield [`${prefix}${resource.address}`, read(resource)] as const;
  for (const [name, call] of Object.entries(module?.module_calls ?? {})) yield* walk(call.module, `${prefix}module.${name}.`);
}

/** The configuration's resources by address without instance keys (`module.a.aws_subnet.private`). */
export function configuredResources(plan: PlanJson): ReadonlyMap<string, Configured> {
  return new Map(walk(plan.configuration?.root_module, ''));
}

/** Every resource and data source by address without instance keys, and every output as `output.<name>`, with what it refers to. */
export function usesIn(plan: PlanJson, configured: ReadonlyMap<string, Configured>): ReadonlyMap<string, readonly string[]> {
  const outputs = Object.entries(plan.configuration?.root_module?.outputs ?? {});
  return new Map([
    ...[...configured].map(([address, { references }]) => [address, [...new Set([...references.values()].flat())]] as const),
    ...outputs.map(([name, { expression }]) => [`output.${name}`, exactReferences(referencesOf(expression))] as const),
  ]);
}

/** An address without its instance keys: `module.a["x"].aws_subnet.private[0]` → `module.a.aws_subnet.private`. */
export function withoutKeys(address: string): string {
  return address.replaceAll(/\[(?:\d+|"(?:[^"\\]|\\.)*")\]/g, '');
}
