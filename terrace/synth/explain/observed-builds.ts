import { Node } from 'constructs';

import { buildingPath } from '../../tree/building';
import type { UnitFiles } from '../../model/content-digest';
import { whileObserved, type SettingPoint } from '../../tree/observed-values';
import { buildTree, type BuiltTree, type Project } from '../../tree/project';
import { withScratch } from '../synthesize';

/** A value that stands in for a setting's own. */
export interface Replacement {
  readonly point: SettingPoint;
  readonly value: unknown;
}

/** A setting that was read. */
export interface SettingRead {
  readonly point: SettingPoint;
  readonly value: unknown;
  /** Its stack is where. */
  readonly at: Error;
  /** Unit whose constructor ran; absent where none did. */
  readonly unit?: string;
}

/** A tree as it was built once, and what was read for it. */
export interface ObservedBuild {
  readonly tree: BuiltTree;
  /** Files of the selected units by their paths. */
  readonly files: ReadonlyMap<string, UnitFiles>;
  /** Settings that were read, in order. */
  readonly reads: readonly SettingRead[];
  /** Results of envcommon's functions, in order. */
  readonly calls: readonly { readonly place: string; readonly result: string }[];
  /** Where the constructs of the selected units were made: by unit, then by path below it. */
  readonly made: ReadonlyMap<string, Error>;
}

/** Builds parts of a project under observation. */
export interface ObservedBuilder {
  /** The selected units; undefined where they cannot be built with these values. */
  build(selectors: readonly string[], replacements?: readonly Replacement[]): Promise<ObservedBuild | undefined>;
  /** To be told of each call of an envcommon function. */
  readonly onCall: (place: string, result: unknown) => void;
}

export function pointKey({ level, place, setting }: SettingPoint): string {
  return `${level} ${place} ${setting}`;
}

/** A builder; `load` gives the project, and is called once, when the first build begins. */
export function observedBuilder(root: string, load: () => Project, includePlanned: boolean): ObservedBuilder {
  let calls: { readonly place: string; readonly result: string }[] = [];
  /** What modules called when they were loaded. */
  let loading: typeof calls = [];
  let project: Project | undefined;
  return {
    onCall: (place, result) => void calls.push({ place, result: JSON.stringify(result) ?? '' }),
    build: async (selectors, replacements = []) => {
      calls = [];
      const reads: SettingRead[] = [];
      const instead = new Map(replacements.map(({ point, value }) => [pointKey(point), value]));
      const observer = {
        read: () => undefined,
        instead: (point: SettingPoint, value: unknown): unknown => {
          const key = pointKey(point);
          const unit = buildingPath();
          if (replacements.length === 0) reads.push({ point, value, at: new Error('read'), ...(unit === undefined ? {} : { unit }) });
          return instead.has(key) ? instead.get(key) : value;
        },
      };
      const made = new Map<string, Error>();
      if (project === undefined) {
        project = load();
        loading = calls;
      }
      calls = [];
      const known = project;
      try {
        return await withScratch(root, (scratch) =>
          whileObserved(observer, async () =>
            whilePlacesAreKept(made, async () => {
              const tree = await buildTree(known, { selectors, scratch, commit: null, dirty: false, includePlanned });
              const selected = new Set(tree.selected);
              const units = tree.units.filter((unit) => selected.has(unit.path));
              tree.app.synthesizeStacks(units);
              if (tree.app.problems.length > 0) throw new Error('refused');
              const files = new Map(units.map((unit) => [unit.path, new Map([['main.tf.json', Buffer.from(unit.synthesizer.text)]])]));
              return { tree, files, reads: [...reads], calls: [...loading, ...calls], made };
            }),
          ),
        );
      } catch (error) {
        // What does not build as it is has to be said; what does not build with another value says that this value cannot stand there.
        if (replacements.length === 0) throw error;
        return undefined;
      }
    },
  };
}

/** Runs while each construct of terraform leaves the stack of its constructor under its path: cdktf marks them without one. */
async function whilePlacesAreKept<T>(made: Map<string, Error>, work: () => Promise<T>): Promise<T> {
  const original = Object.getOwnPropertyDescriptor(Node.prototype, 'addMetadata');
  const limit = Error.stackTraceLimit;
  if (original === undefined) return work();
  const add: unknown = original.value;
  Error.stackTraceLimit = 40;
  Object.defineProperty(Node.prototype, 'addMetadata', {
    ...original,
    value: function (this: Node, ...values: unknown[]): unknown {
      if (values[0] === 'stacktrace') made.set(this.path, new Error('made'));
      return typeof add === 'function' ? (Reflect.apply(add, this, values) as unknown) : undefined;
    },
  });
  try {
    return await work();
  } finally {
    Error.stackTraceLimit = limit;
    Object.defineProperty(Node.prototype, 'addMetadata', original);
  }
}
