import type { TypeOverlay } from '../overlay/overlay';
import type { Attribute, Block } from './schema';

/** Rules across attributes that follow from a schema alone. */
export type WriteOnlyRules = Required<Pick<TypeOverlay, 'conflicts' | 'requiredWith'>>;

const known = new WeakMap<Block, WriteOnlyRules>();

/**
 * Whether a resource takes an argument and keeps it nowhere. Bindings do not tell; every provider names such arguments `<argument>_wo`
 * (HashiCorp, "Use write-only arguments"; azurerm, contributing/topics/guide-new-write-only-attribute.md), and computes none of them.
 */
export function isWriteOnly(name: string, attribute: Attribute): boolean {
  return name.endsWith('_wo') && attribute.computed !== true;
}

/**
 * What providers ask of write-only arguments: `password_wo` excludes `password` and a password that the service manages, and goes together with
 * `password_wo_version`; a `data_wo_revision` needs `data_wo`, which may be without. Paths are dotted; blocks that may be repeated have no rules,
 * nor have lists of settings (`set_wo` of a Helm release), which go beside the others.
 */
export function writeOnlyRules(block: Block): WriteOnlyRules {
  const found = known.get(block) ?? rulesIn(block);
  known.set(block, found);
  return found;
}

function rulesIn(block: Block, prefix = ''): WriteOnlyRules {
  const attributes = block.attributes ?? {};
  const managed = Object.keys(attributes).filter((name) => /^manage_\w*password$/.test(name));
  const own = Object.entries(attributes)
    .filter(([name, attribute]) => isWriteOnly(name, attribute) && attribute.nested_type === undefined)
    .map(([name]) => {
      const plain = name.slice(0, -'_wo'.length);
      const others = [plain, ...(plain.endsWith('password') ? managed : [])].filter((other) => attributes[other] !== undefined);
      const needs = [
        [`${name}_version`, name],
        [name, `${name}_version`],
        [`${name}_revision`, name],
      ] as const;
      return {
        conflicts: others.length === 0 ? [] : [[name, ...others].map((other) => `${prefix}${other}`)],
        requiredWith: needs
          .filter((pair) => pair.every((one) => attributes[one] !== undefined))
          .map(([one, other]) => [`${prefix}${one}`, [`${prefix}${other}`]] as const),
      };
    });
  const inner = Object.entries(block.block_types ?? {})
    .filter(([, nested]) => nested.max_items === 1 || nested.nesting_mode === 'single')
    .map(([name, nested]) => rulesIn(nested.block, `${prefix}${name}.`));
  return {
    conflicts: [...own.flatMap(({ conflicts }) => conflicts), ...inner.flatMap(({ conflicts }) => conflicts)],
    requiredWith: Object.fromEntries([
      ...own.flatMap(({ requiredWith }) => requiredWith),
      ...inner.flatMap(({ requiredWith }) => Object.entries(requiredWith)),
    ]),
  };
}
