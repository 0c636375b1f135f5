import { providerPackages } from '../../../terraform/provider-packages';
import { kindOf } from '../kinds/kinds';
import { Refusal, Refusals } from '../engine/refusal';
import { addResource, type NewResource } from './add-resource';

/** What became of the objects of a file. */
export interface Loaded {
  readonly added: readonly { readonly type: string; readonly id: string }[];
  /** Types that are in no cloud folder, with the reason. */
  readonly skipped: readonly { readonly type: string; readonly why: string }[];
}

/**
 * Makes several resources, each after those that it refers to: one that is refused is tried again once others were made. Of a state, what no cloud
 * holds is left out. Raises the refusal of what cannot be made.
 */
export async function loadResources(projectRoot: string, cloudDir: string, resources: readonly NewResource[]): Promise<Loaded> {
  const skipped = [...new Set(resources.filter(({ existing }) => existing === true).map(({ type }) => type))].flatMap((type) => {
    const why = reasonToSkip(type);
    return why === undefined ? [] : [{ type, why }];
  });
  const left = new Set(resources.filter(({ type }) => !skipped.some((one) => one.type === type)));
  const added: { type: string; id: string }[] = [];
  for (;;) {
    const before = left.size;
    let refused: unknown;
    for (const one of left) {
      try {
        added.push(await addResource(projectRoot, cloudDir, one));
        left.delete(one);
      } catch (error) {
        if (!(error instanceof Refusal || error instanceof Refusals)) throw error;
        refused ??= error;
      }
    }
    if (left.size === 0) return { added, skipped };
    if (left.size === before) throw refused;
  }
}

function reasonToSkip(type: string): string | undefined {
  const one = providerPackages.find(({ name }) => type === name || type.startsWith(`${name}_`));
  if (one === undefined) return 'its provider is not simulated';
  return kindOf(one.name).stateOnly === true ? 'it exists in the state alone' : undefined;
}
