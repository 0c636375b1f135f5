import { Testing } from 'cdktf';
import type { Construct } from 'constructs';

type Block = Readonly<Record<string, any>>; // oxlint-disable-line typescript/no-explicit-any -- synthesized JSON, asserted by value

/** What a construct makes. */
export interface Made {
  /** The resources of a type, in the order of their names. */
  readonly all: (type: string) => readonly Block[];
  /** The reference to an attribute of the resource that is called so by Azure. */
  readonly ref: (type: string, name: string, attribute: string) => string;
}

export function made(build: (scope: Construct) => unknown): Made {
  const json: { readonly resource?: Readonly<Record<string, Readonly<Record<string, Block>>>> } = JSON.parse(
    Testing.synthScope((scope) => void build(scope)),
  );
  const blocks = (type: string): readonly (readonly [string, Block])[] =>
    Object.entries(json.resource?.[type] ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    all: (type) => blocks(type).map(([, block]) => block),
    ref: (type, name, attribute) => `\${${type}.${blocks(type).find(([, block]) => block['name'] === name)?.[0]}.${attribute}}`,
  };
}

export const place = { resourceGroup: 'rg-shop', location: 'westeurope', tags: { project: 'shop' } };
