import type { Mutation } from '../../olechka/mutations/mutation';
import { change, mutation } from '../../olechka/mutations/mutation';
import type { SynthesizedTree } from '../../olechka/tree';

/** A field of the first block of a type in a unit whose name or JSON holds `part`, at the end of a way, gets another value. */
export const set = (
  requirement: string,
  what: string,
  unit: string,
  type: string,
  part: string,
  way: readonly (string | number)[],
  value: unknown,
): Mutation =>
  mutation(requirement, what, (tree) =>
    change(tree, unit, type, part, (attrs) => {
      let here = attrs;
      for (const step of way.slice(0, -1)) here = here[step];
      here[way.at(-1) ?? ''] = value;
    }),
  );

/** The first block of a type whose name or JSON holds `part` is gone. */
export const gone = (requirement: string, what: string, unit: string, type: string, part = ''): Mutation =>
  mutation(requirement, what, (tree) => {
    const blocks = tree.units[unit]?.resource?.[type] ?? {};
    const name = Object.keys(blocks).find((one) => one.includes(part) || JSON.stringify(blocks[one]).includes(part));
    if (name === undefined) throw new Error(`${unit} has no ${type} with ${part}`);
    delete blocks[name];
  });

/** Text of a file below development's artifacts, replaced. */
export const text = (requirement: string, what: string, file: string, from: string | RegExp, to: string): Mutation =>
  mutation(requirement, what, (tree) => {
    const name = `dev/artifacts/${file}`;
    const before = tree.files[name];
    if (before === undefined || before.replace(from, to) === before) throw new Error(`nothing to mutate in ${file}`);
    (tree.files as Record<string, string>)[name] = before.replace(from, to);
  });

/** A reference to a resource of a unit, as its JSON writes it. */
export function reference(tree: SynthesizedTree, unit: string, type: string, part: string, attribute = 'id'): string {
  const found = tree.resources(type, unit).find(({ name }) => name.includes(part));
  if (found === undefined) throw new Error(`${unit} has no ${type} called ${part}`);
  return `\${${type}.${found.name}.${attribute}}`;
}
