import type { Attribute, Block, Schema, Type } from '../schema/schema';

/** A schema for people: one line per attribute and block, indented, required ones marked. */
export function describeSchema(type: string, schema: Schema): string {
  return [type, ...blockLines(schema.block, '  ')].join('\n');
}

function blockLines(block: Block, indent: string): string[] {
  const attributes = Object.entries(block.attributes ?? {})
    .sort(byName)
    .flatMap(([name, attribute]) => attributeLines(name, attribute, indent));
  const blocks = Object.entries(block.block_types ?? {})
    .sort(byName)
    .flatMap(([name, nested]) => {
      const bounds = [
        nested.min_items === undefined ? '' : `at least ${nested.min_items}`,
        nested.max_items === undefined ? '' : `at most ${nested.max_items}`,
      ]
        .filter((text) => text !== '')
        .join(', ');
      return [
        `${indent}${name} { block, ${nested.nesting_mode}${bounds === '' ? '' : `, ${bounds}`}`,
        ...blockLines(nested.block, `${indent}  `),
        `${indent}}`,
      ];
    });
  return [...attributes, ...blocks];
}

function attributeLines(name: string, attribute: Attribute, indent: string): string[] {
  const flags = [
    attribute.required === true ? 'required' : '',
    attribute.optional === true ? 'optional' : '',
    attribute.computed === true ? 'computed' : '',
    attribute.sensitive === true ? 'sensitive' : '',
    attribute.write_only === true ? 'write-only' : '',
  ]
    .filter((flag) => flag !== '')
    .join(', ');
  if (attribute.nested_type === undefined) return [`${indent}${name}: ${typeText(attribute.type ?? 'dynamic')} (${flags})`];
  const children = Object.entries(attribute.nested_type.attributes)
    .sort(byName)
    .flatMap(([child, schema]) => attributeLines(child, schema, `${indent}  `));
  return [`${indent}${name}: ${attribute.nested_type.nesting_mode} of (${flags})`, ...children];
}

function typeText(type: Type): string {
  if (typeof type === 'string') return type;
  if (type[0] === 'object')
    return `object({ ${Object.entries(type[1])
      .map(([name, member]) => `${name}: ${typeText(member)}`)
      .join(', ')} })`;
  if (type[0] === 'tuple') return `tuple([${type[1].map(typeText).join(', ')}])`;
  return `${type[0]}(${typeText(type[1])})`;
}

function byName([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : 1;
}
