/** What a bindings file declares, as far as a schema can be read from it. */
export interface Declarations {
  readonly classes: ReadonlyMap<string, ClassDeclaration>;
  /** Interface name → terraform names whose doc comment says `<name> block`. */
  readonly blockNames: ReadonlyMap<string, ReadonlySet<string>>;
  /** Interface name → terraform name → whether the property is optional. */
  readonly interfaces: ReadonlyMap<string, ReadonlyMap<string, boolean>>;
  /** `xyzToHclTerraform` → its entries. */
  readonly mappers: ReadonlyMap<string, ReadonlyMap<string, HclEntry>>;
}

export interface ClassDeclaration {
  readonly name: string;
  readonly base: string;
  /** `static tfResourceType`, of the main class. */
  readonly terraformType?: string;
  readonly members: ReadonlyMap<string, Member>;
  /** What `get(…)` of a collection class returns, and the set flag that it passes on. */
  readonly element?: { readonly name: string; readonly set: boolean | 'own' };
  /** Entries of `synthesizeHclAttributes`. */
  readonly hcl: ReadonlyMap<string, HclEntry>;
}

export interface Member {
  readonly computed: boolean;
  readonly optional: boolean;
  readonly required: boolean;
  /** `new X(this, "n", set)` of the stored class. */
  readonly stored?: { readonly name: string; readonly set: boolean };
  /** The expression that the getter returns. */
  readonly getter: string;
}

export interface HclEntry {
  readonly value: string;
  readonly type: string;
  readonly storage: string;
}

const declarationStart = /^export (?:(?:abstract )?class|interface|function) (\w+)/gm;
const memberComment = /^  \/\/ (\S+) - computed: (true|false), optional: (true|false), required: (true|false)$/gm;
const hclEntry = /^ +(\S+): \{\n +value: (.*),\n +isBlock: (?:true|false),\n +type: "(\w+)",\n +storageClassType: "(\w+)",\n +\},$/gm;
const property = /\/\*\*\n((?: +\*.*\n)+?) +\*\/\n +readonly \w+(\??): /g;

/** Reads the declarations of generated bindings; knows nothing of providers. */
export function readDeclarations(source: string): Declarations {
  const classes = new Map<string, ClassDeclaration>();
  const blockNames = new Map<string, ReadonlySet<string>>();
  const interfaces = new Map<string, ReadonlyMap<string, boolean>>();
  const mappers = new Map<string, ReadonlyMap<string, HclEntry>>();
  const starts = [...source.matchAll(declarationStart)];
  starts.forEach((start, index) => {
    const text = source.slice(start.index, starts[index + 1]?.index ?? source.length);
    const name = start[1] ?? '';
    if (text.startsWith('export interface')) {
      const { blocks, properties } = readInterface(text);
      blockNames.set(name, blocks);
      interfaces.set(name, properties);
    } else if (text.startsWith('export function')) {
      if (name.endsWith('ToHclTerraform')) mappers.set(name, readHcl(text));
    } else {
      classes.set(name, readClass(name, text));
    }
  });
  return { classes, blockNames, interfaces, mappers };
}

function readInterface(text: string): { blocks: ReadonlySet<string>; properties: ReadonlyMap<string, boolean> } {
  const blocks = new Set<string>();
  const properties = new Map<string, boolean>();
  for (const [, comment = '', optional] of text.matchAll(property)) {
    const name = /\{@link [^}\s]*#(\S+) /.exec(comment)?.[1];
    if (name === undefined) continue;
    properties.set(name, optional === '?');
    if (/^ +\* (.*)\n/.exec(comment)?.[1] === `${name} block`) blocks.add(name);
  }
  return { blocks, properties };
}

function readClass(name: string, text: string): ClassDeclaration {
  const members = new Map<string, Member>();
  const comments = [...text.matchAll(memberComment)];
  comments.forEach((comment, index) => {
    const body = text.slice(comment.index, comments[index + 1]?.index ?? text.length);
    const stored = /^  private _\w+ = new ((?:cdktf\.)?\w+)\(this, "[^"]+"(?:, (true|false))?\);$/m.exec(body);
    members.set(comment[1] ?? '', {
      computed: comment[2] === 'true',
      optional: comment[3] === 'true',
      required: comment[4] === 'true',
      ...(stored?.[1] === undefined ? {} : { stored: { name: stored[1], set: stored[2] === 'true' } }),
      getter: /^  public get \w+\(\) \{\n    return (.*);$/m.exec(body)?.[1] ?? '',
    });
  });
  const terraformType = /static readonly tfResourceType = "([^"]+)"/.exec(text)?.[1];
  const base = /^export (?:abstract )?class \w+ extends cdktf\.(\w+)/.exec(text)?.[1] ?? '';
  const element = /public get\(\w+: \w+\): (\w+) \{\s*return new \w+\((.*)\);/.exec(text);
  const last = element?.[2]?.split(', ').at(-1);
  return {
    name,
    base,
    ...(terraformType === undefined ? {} : { terraformType }),
    members,
    ...(element?.[1] === undefined
      ? {}
      : { element: { name: element[1], set: last === 'true' ? true : last === 'this.wrapsSet' ? 'own' : false } }),
    hcl: text.includes('synthesizeHclAttributes') ? readHcl(text.slice(text.indexOf('synthesizeHclAttributes'))) : new Map(),
  };
}

function readHcl(text: string): ReadonlyMap<string, HclEntry> {
  return new Map(
    [...text.matchAll(hclEntry)].map(([, name = '', value = '', type = '', storage = '']) => [name, { value, type, storage }]),
  );
}
