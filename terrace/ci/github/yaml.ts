/** A value with a remark behind it, on the same line. */
export class Remarked {
  constructor(
    readonly value: string | number | boolean,
    readonly remark: string,
  ) {}
}

export type Yaml = string | number | boolean | Remarked | readonly Yaml[] | { readonly [key: string]: Yaml | undefined };

/** Words that YAML reads as something else than text. */
const other = /^(?:true|false|yes|no|on|off|null|~|[-+]?[\d.][\d.eE_+-]*)$/i;
const plain = /^[A-Za-z0-9_./$][A-Za-z0-9_./@ $(){}'=&|!<>*,+-]*$/;

/** Writes YAML as a person would: two blanks, block text for several lines, quotes only where they are needed. */
export function yaml(value: Yaml): string {
  return `${lines(value, '').join('\n')}\n`;
}

function lines(value: Yaml, indent: string): readonly string[] {
  if (isList(value))
    return value.flatMap((item) => {
      const [first = '', ...rest] = isScalar(item) ? [`${indent}  ${scalar(item, `${indent}  `)}`] : lines(item, `${indent}  `);
      return [`${indent}- ${first.slice(indent.length + 2)}`, ...rest];
    });
  if (isScalar(value)) return [`${indent}${scalar(value, indent)}`];
  return Object.entries(value).flatMap(([key, item]) => {
    if (item === undefined) return [];
    const name = `${indent}${other.test(key) && key !== 'on' ? `'${key}'` : key}:`;
    if (isScalar(item)) return [`${name} ${scalar(item, indent)}`];
    if (isList(item))
      return item.length === 0
        ? [`${name} []`]
        : isShort(item)
          ? [`${name} [${item.map((one) => scalar(one, '')).join(', ')}]`]
          : [name, ...lines(item, `${indent}  `)];
    return Object.keys(item).length === 0 ? [`${name} {}`] : [name, ...lines(item, `${indent}  `)];
  });
}

const isList = (value: Yaml): value is readonly Yaml[] => Array.isArray(value);

function isScalar(value: Yaml): value is string | number | boolean | Remarked {
  return typeof value !== 'object' || value instanceof Remarked;
}

function isShort(list: readonly Yaml[]): list is readonly (string | number | boolean | Remarked)[] {
  return (
    list.every((item) => isScalar(item) && !(item instanceof Remarked) && !/[,[\]{}]/.test(String(item))) && list.join(', ').length < 90
  );
}

function scalar(value: string | number | boolean | Remarked, indent: string): string {
  if (value instanceof Remarked) return `${scalar(value.value, indent)} # ${value.remark}`;
  if (typeof value !== 'string') return String(value);
  if (value.includes('\n')) {
    const body = value.replace(/\n$/, '').split('\n');
    return [value.endsWith('\n') ? '|' : '|-', ...body.map((line) => (line === '' ? '' : `${indent}  ${line}`))].join('\n');
  }
  if (plain.test(value) && !other.test(value) && !/[:#] | #|: |\{\{.*'.*: /.test(value) && !value.endsWith(' ')) return value;
  return `'${value.replaceAll("'", "''")}'`;
}
