import path from 'node:path';

/** True for a path that stays in the unit's folder, with `/`. What begins with a drive, a home or a root leaves it. */
export function isInside(name: string): boolean {
  if (name === '' || /^(?:[/\\~]|[A-Za-z]:)/.test(name) || name.includes('\\')) return false;
  const normal = path.posix.normalize(name);
  return normal !== '..' && !normal.startsWith('../');
}

/**
 * Names at the top of a unit's folder that terraform, or Terrace for it, would take as its own: plug-ins, a home, what init left, what tells of a
 * terraform that was killed.
 */
const ownNames =
  /^(?:\.home|\.terraform(?!\.lock\.hcl$).*|terraform\.(?:d|rc|json|out|err)|terrace\.(?:log|unit|began)|tfplan|.*\.tfstate(?:\..*)?)$/i;

/** Configuration or values that terraform reads: beside the one file that was synthesized, whose name has no capitals, nothing of it may be there. */
const furtherConfiguration = /\.(?:tf|tofu|tf\.json|tofu\.json|tfvars|tfvars\.json|tftest\.hcl|tfquery\.hcl)$/i;

/** Why a file may not be in a unit's folder; undefined where it may. */
export function foreignName(name: string): string | undefined {
  const [top = '', ...rest] = name.split('/');
  if (ownNames.test(top)) return `${name} is a name that terraform reserves`;
  if (rest.length === 0 && top !== 'main.tf.json' && furtherConfiguration.test(top)) return `${name} would be read beside main.tf.json`;
  return undefined;
}

/** Names that are one file on some computers, where the second would be written over the one that was judged. */
export function sameNames(names: readonly string[]): readonly string[] {
  const known = new Map<string, string>();
  return names.flatMap((name) => {
    const plain = name.normalize('NFKC').toLowerCase();
    const other = known.get(plain);
    known.set(plain, name);
    return other === undefined ? [] : [`${name} and ${other} are the same file on systems that ignore case`];
  });
}
