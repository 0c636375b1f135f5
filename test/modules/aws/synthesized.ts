import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformStack, Testing } from 'cdktf';

type Attributes = Readonly<Record<string, any>>; // oxlint-disable-line typescript/no-explicit-any -- synthesized JSON, asserted by value

/** The terraform JSON of a stack that holds what `build` makes, with look-ups by type. */
export interface Synthesized {
  /** Resources of a type by local name. */
  readonly all: (type: string) => Readonly<Record<string, Attributes>>;
  /** Resources of a type in the order of their names. */
  readonly list: (type: string) => readonly Attributes[];
  /** The only resource of a type; fails when there is not exactly one. */
  readonly one: (type: string) => Attributes;
  /** The reference to an attribute of the only resource of a type. */
  readonly ref: (type: string, attribute: string) => string;
  /** The only data source of a type. */
  readonly data: (type: string) => Attributes;
}

/** Synthesizes a stack with an AWS provider in eu-central-1 and whatever `build` puts into it. */
export function synthesized(build: (stack: TerraformStack) => void): Synthesized {
  const stack = new TerraformStack(Testing.app(), 'test');
  new AwsProvider(stack, 'aws', { region: 'eu-central-1' });
  build(stack);
  const json: {
    readonly resource?: Record<string, Record<string, Attributes>>;
    readonly data?: Record<string, Record<string, Attributes>>;
  } = JSON.parse(Testing.synth(stack));
  const all = (type: string) => json.resource?.[type] ?? {};
  const only = (found: Readonly<Record<string, Attributes>>, type: string): [string, Attributes] => {
    const [first, ...rest] = Object.entries(found);
    if (first === undefined || rest.length > 0) throw new Error(`${Object.keys(found).length} of ${type}`);
    return first;
  };
  return {
    all,
    list: (type) =>
      Object.keys(all(type))
        .sort()
        .map((name) => all(type)[name] ?? {}),
    one: (type) => only(all(type), type)[1],
    ref: (type, attribute) => `\${${type}.${only(all(type), type)[0]}.${attribute}}`,
    data: (type) => only(json.data?.[type] ?? {}, type)[1],
  };
}

/** The statements of a policy in the JSON, by Sid. */
export function statements(policy: string): Readonly<Record<string, Attributes>> {
  const document: { readonly Statement: readonly { readonly Sid: string }[] } = JSON.parse(policy);
  return Object.fromEntries(document.Statement.map((statement) => [statement.Sid, statement]));
}
