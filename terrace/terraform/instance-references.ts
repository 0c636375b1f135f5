const dotted = String.raw`[\p{L}_][\w-]*(?:\.[\p{L}_][\w-]*)+`;
/** `a.b[0].c`, `a.b[*].c`, `a.b["k"]["c"]`, `a.b[local.keys[1]].c`. */
const ofInstance = new RegExp(String.raw`(${dotted})\[(?:[^[\]]|\[[^[\]]*\])*\](?:\.([\p{L}_][\w-]*)|\["([\w-]+)"\])`, 'gu');
/** `a.b["c"]`, which is the attribute `c`. */
const byName = new RegExp(String.raw`(${dotted})\["([\w-]+)"\]`, 'gu');
/** `for k, v in a.b :`, after which `v.c` is an attribute of an instance. */
const overInstances = new RegExp(String.raw`\bfor\s+(?:[\w-]+\s*,\s*)?([\w-]+)\s+in\s+(?:values\()?(${dotted})`, 'gu');
/** `values(a.b)[*].c`. */
const ofValues = new RegExp(String.raw`\bvalues\(\s*(${dotted})\s*\)\[(?:\*|\d+)\]\.([\p{L}_][\w-]*)`, 'gu');

/** References to attributes of instances in a text of terraform, as those of their resource: `a.b[0].c` is `a.b.c`. Pure. */
export function instanceReferences(text: string): readonly string[] {
  const direct = [ofInstance, byName, ofValues].flatMap((form) =>
    [...text.matchAll(form)].map(([, before, after, byKey]) => `${before}.${after ?? byKey}`),
  );
  const each = [...text.matchAll(overInstances)].flatMap(([, variable = '', all]) =>
    [...text.matchAll(new RegExp(String.raw`(?<![\w.-])${variable}\.([\p{L}_][\w-]*)`, 'gu'))].map(
      ([, attribute]) => `${all}.${attribute}`,
    ),
  );
  return [...direct, ...each];
}
