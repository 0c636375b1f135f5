import { TerraceError } from '../../../base/errors';
import type { CloudRecord } from '../cloud/record';
import type { Caller } from './context';

/** Terraform processes whose warnings are remembered; older ones have ended long ago. */
const rememberedRuns = 100;

/** Remembers which types a terraform process has been told of, so that it hears of each once, however many resources it makes. */
export class StandInWarnings {
  private readonly told = new Map<string, Set<string>>();
  private readonly toldConnections = new WeakMap<object, Set<string>>();

  /** The warning (E5319) about attributes whose values were made up; undefined where there are none or the process knows. */
  about(type: string, attributes: readonly string[], connection: { readonly caller: () => Caller }): TerraceError | undefined {
    if (attributes.length === 0) return undefined;
    const told = this.toldTo(connection);
    if (told.has(type)) return undefined;
    told.add(type);
    return new TerraceError({
      code: 'E5319',
      title: 'made-up values of a simulated resource',
      place: type,
      found: `nothing tells what the service would answer for ${attributes.join(', ')}: what stands there is made up`,
      expected: 'values that the configuration gives, that follow from it, or that the service chooses freely',
      todo: `rely on none of them; to give one its true value: terrace sandbox cloud edit ${type}:<name> <attribute>=<value>`,
    });
  }

  /** A process opens several connections; where the system does not tell which one is whose, each is told for itself. */
  private toldTo(connection: { readonly caller: () => Caller }): Set<string> {
    const { process } = connection.caller();
    const told = (process === undefined ? this.toldConnections.get(connection) : this.told.get(process)) ?? new Set<string>();
    if (process === undefined) this.toldConnections.set(connection, told);
    else {
      this.told.set(process, told);
      const [oldest] = this.told.keys();
      if (this.told.size > rememberedRuns && oldest !== undefined) this.told.delete(oldest);
    }
    return told;
  }
}

/** Attributes of a resource whose values were made up, and that nobody has changed since. */
export function standInsOf(record: CloudRecord): readonly string[] {
  const kept = record.hidden?.['standIns'];
  return Array.isArray(kept) ? kept.filter((one) => typeof one === 'string') : [];
}

/** What a record remembers of made-up values after a change: new ones, and those of before whose attribute is as it was. */
export function withStandIns(record: CloudRecord, made: readonly string[], before?: CloudRecord): CloudRecord {
  const kept = before === undefined ? [] : standInsOf(before).filter((path) => isUnchanged(topOf(path), before, record));
  const all = [...new Set([...kept, ...made])].sort();
  const { hidden: { standIns: _, ...others } = {}, ...bare } = record;
  const hidden = { ...others, ...(all.length === 0 ? {} : { standIns: all }) };
  return { ...bare, ...(Object.keys(hidden).length === 0 ? {} : { hidden }) };
}

function isUnchanged(name: string, before: CloudRecord, after: CloudRecord): boolean {
  return JSON.stringify(before.values[name]) === JSON.stringify(after.values[name]);
}

function topOf(path: string): string {
  return path.split('.')[0] ?? path;
}
