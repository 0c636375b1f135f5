import { TerraceError, type Problem } from '../base/errors';
import { openState, stateUrl, type StateAccess, type StateTarget } from './state-access';
import { isSandbox } from '../base/sandbox-shell';
import { digestOf, parseState, sandboxMarkOf, simulatedProblem, type StateFile } from './state-file';
import { readDigest, readStateObject } from './state-store';

/** What was found at one unit's state. */
export interface StateFinding {
  readonly unit: string;
  /** `unreadable` where AWS would not give it. */
  readonly status: 'fits' | 'absent' | 'wrong' | 'unreadable';
  readonly serial?: number;
  readonly lineage?: string;
  readonly instances?: number;
  readonly problems: readonly Problem[];
}

/** A state as it was read for judging. */
export interface StateReading {
  readonly target: StateTarget;
  readonly text: string | undefined;
  readonly digest: string | undefined;
  /** Why it could not be read. */
  readonly unreadable?: readonly Problem[];
}

/** Reads a state and its digest; once more a little later where they differ, since a writer may stand between the two. */
export async function readForVerification(
  target: StateTarget,
  env: NodeJS.ProcessEnv,
  pause: () => Promise<unknown>,
): Promise<StateReading> {
  const access = await openState(target, env);
  try {
    const first = await read(access);
    if (first.text === undefined || first.digest === undefined || digestOf(first.text) === first.digest) return first;
    await pause();
    return await read(access);
  } finally {
    access.close();
  }
}

async function read(access: StateAccess): Promise<StateReading> {
  // The bucket first: where there is none, there is no backend yet.
  const text = await readStateObject(access);
  return { target: access.target, text, digest: await readDigest(access) };
}

/**
 * Judges states: JSON of format 4, digest equal to the object's MD5, no simulated resources outside a sandbox, and no lineage in two
 * places. Pure; findings in the order of `readings`.
 */
export function judgeStates(readings: readonly StateReading[], env: NodeJS.ProcessEnv): readonly StateFinding[] {
  const lineages = new Map<string, string[]>();
  const parsed = readings.map((reading) => {
    const result = parse(reading);
    if (result.state !== undefined)
      lineages.set(result.state.lineage, [...(lineages.get(result.state.lineage) ?? []), reading.target.path]);
    return result;
  });
  return readings.map((reading, index) => finding(reading, parsed[index] ?? {}, lineages, env));
}

interface Parsed {
  readonly state?: StateFile;
  readonly problems?: readonly Problem[];
}

function parse({ target, text }: StateReading): Parsed {
  if (text === undefined) return {};
  try {
    return { state: parseState(text, target.path) };
  } catch (error) {
    if (error instanceof TerraceError) return { problems: error.problems };
    throw error;
  }
}

function finding(
  reading: StateReading,
  { state, problems: unreadable = [] }: Parsed,
  lineages: ReadonlyMap<string, readonly string[]>,
  env: NodeJS.ProcessEnv,
): StateFinding {
  const { path } = reading.target;
  if (reading.unreadable !== undefined) return { unit: path, status: 'unreadable', problems: reading.unreadable };
  const problems = [...unreadable, ...digestProblems(reading)];
  if (state !== undefined) {
    const twins = (lineages.get(state.lineage) ?? []).filter((one) => one !== path);
    if (twins.length > 0)
      problems.push({
        code: 'E4506',
        title: 'lineage in two places',
        place: path,
        found: `lineage ${state.lineage} is also that of ${twins.join(', ')}`,
        expected: 'one state for each lineage',
        todo: 'complete an interrupted move (run terrace state move again), or remove a copy: the state that no unit applies',
      });
    const mark = sandboxMarkOf(state);
    if (mark !== undefined && !isSandbox(env)) problems.push(simulatedProblem(path, mark));
  }
  return {
    unit: path,
    status: problems.length > 0 ? 'wrong' : reading.text === undefined ? 'absent' : 'fits',
    ...(state && { serial: state.serial, lineage: state.lineage, instances: state.instances }),
    problems,
  };
}

function digestProblems({ target, text, digest }: StateReading): readonly Problem[] {
  if (digest === undefined) return [];
  const { path, backend } = target;
  if (text === undefined)
    return [
      {
        code: 'E4508',
        title: 'digest without state',
        place: path,
        found: `no object at ${stateUrl(backend)}, but its digest is recorded (${digest})`,
        expected: 'both or neither',
        todo: `restore the object, which somebody deleted by hand: terrace state history ${path}, then terrace state restore`,
      },
    ];
  const actual = digestOf(text);
  if (actual === digest) return [];
  return [
    {
      code: 'E4509',
      title: 'digest mismatch',
      place: path,
      found: `MD5 ${actual} of ${stateUrl(backend)}`,
      expected: `${digest}, which the last writer recorded`,
      todo: `look at what is stored (terrace state history ${path}), then restore a version with its digest: terrace state restore ${path} --version V; until then terraform refuses this state`,
    },
  ];
}
