import { synthesizeInMemory } from '../../terrace/synth/synthesize';
import type { Region } from '../../terrace/tree/region';
import { Unit } from '../../terrace/tree/unit';
import { demoProject, inTemporaryFolder, problemsOf } from './demo-project';

/** The JSON that terraform reads; its values are what a test compares. */
// eslint-disable-next-line typescript/no-explicit-any -- a test asks for a path and compares what is there
export type AnyJson = any;

/** A unit without outputs, made by a function. */
export function unitOf(make: (unit: Unit, region: Region) => void): new (region: Region, id: string) => Unit {
  return class extends Unit {
    constructor(region: Region, id: string) {
      super(region, id, {});
      make(this, region);
    }
  };
}

type Units = Readonly<Record<string, new (region: Region, id: string) => Unit>>;

/** The JSON of each of some units of one region, by its place. */
export async function jsonOfUnits(units: Units): Promise<Readonly<Record<string, AnyJson>>> {
  return inTemporaryFolder(async (scratch) => {
    const { files } = await synthesizeInMemory(demoProject({ regions: [{ region: 'eu', awsRegion: 'eu-central-1', units }] }), {
      root: scratch,
      selectors: [],
      scratch,
      commit: null,
      dirty: false,
    });
    return Object.fromEntries(
      Object.keys(units).map((id) => [
        id,
        JSON.parse(files.live.find(({ path }) => path === `demo/dev/eu/${id}/main.tf.json`)?.content.toString('utf8') ?? ''),
      ]),
    );
  });
}

/** What synthesizing some units refuses. */
export const problemsOfUnits = (units: Units): ReturnType<typeof problemsOf> => problemsOf(jsonOfUnits(units));
