import type { Json, SynthesizedTree } from '../tree';

/** One thing done wrong in the tree, and the requirement that must notice it. */
export interface Mutation {
  readonly requirement: string;
  readonly what: string;
  readonly apply: (tree: SynthesizedTree) => void;
}

/** The primary region of production. */
export const eu = 'production/eu-central-1';
export const dev = 'dev/eu-central-1';

/** Changes the first block of a type in a unit whose name (or JSON) holds `part`; fails where there is none, so that no mutation is empty. */
export function change(tree: SynthesizedTree, unit: string, type: string, part: string, edit: (attrs: Json) => void): void {
  const found = [...tree.resources(type, unit), ...tree.data(type, unit)].find(
    (one) => one.unit === unit && (one.name.includes(part) || JSON.stringify(one.attrs).includes(part)),
  );
  if (found === undefined) throw new Error(`${unit} has no ${type} with ${part}`);
  const before = JSON.stringify(found.attrs);
  edit(found.attrs);
  if (JSON.stringify(found.attrs) === before) throw new Error(`${unit}: ${type} ${found.name} stayed as it was`);
}

/** One mutation of the tree. */
export const mutation = (requirement: string, what: string, apply: (tree: SynthesizedTree) => void): Mutation => ({
  requirement,
  what,
  apply,
});

/** Replaces a text in a field that holds JSON or an expression. */
export const replaced = (field: string, from: string | RegExp, to: string) => (attrs: Json) =>
  void (attrs[field] = String(attrs[field]).replace(from, to));

/** Changes the JSON in a field. */
export const edited = (field: string, edit: (json: Json) => void) => (attrs: Json) => {
  const json: Json = JSON.parse(attrs[field]);
  edit(json);
  attrs[field] = JSON.stringify(json);
};

/** The remote state that a unit reads under a name, pointed at another unit. */
export function redirect(tree: SynthesizedTree, unit: string, name: string, target: string): void {
  tree.units[unit].data.terraform_remote_state[name].config.key = `${target}/terraform.tfstate`;
}
