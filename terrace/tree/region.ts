import { messageOf } from '../base/message';
import { TerraceError, type Problem } from '../base/errors';
import { sourceLineOf } from '../base/source-line';
import { UnitUnavailable } from './app';
import { recordKey } from '../state/applied-record';
import { filledName, type BackendPlace } from '../state/backend-names';
import { stateKeyOf } from '../state/state-key';
import { whileBuilding } from './building';
import type { Environment } from './environment';
import { networkProblems } from './networks';
import { segmentPattern } from './names';
import { observedValues } from './observed-values';
import type { Unit } from './unit';
import type { RegionValues } from './values';

/** A unit's class: made from its region and its place in it, `<layer>/<unit>`. */
// eslint-disable-next-line typescript/no-explicit-any -- a constructor parameter is contravariant: the concrete region type stands in the unit's class
export type UnitClass<U extends Unit = Unit> = new (region: any, id: string) => U;

/**
 * The units of a region by their place in it, `<layer>/<unit>`: `UnitTable<ShopRegion>` takes those alone that a shop's region can make,
 * so that another system's unit does not compile. Without a region it takes every unit.
 */
// eslint-disable-next-line typescript/no-explicit-any -- a table that names no region is any region's
export type UnitTable<R = any> = Readonly<Record<string, new (region: R, id: string) => Unit>>;

/** The backend of a region by its names. */
export interface RegionBackend {
  readonly bucket: string;
  /** The table is made whatever `lock` says: a system may come back from locks in S3. */
  readonly lockTable: string;
  /** A key to be made behind an alias (its name without `alias/`), a key that is there, or S3's own keys. */
  readonly encryption:
    | { readonly kind: 'alias'; readonly name: string }
    | { readonly kind: 'key'; readonly arn: string }
    | { readonly kind: 'sse-s3' };
}

/**
 * The level above the units. Units are built when they are first asked for, by a selection or by a dependent, so that
 * a partial synth builds what it needs and no more.
 */
export class Region<V extends RegionValues = RegionValues, E extends Environment = Environment> {
  readonly values: V;
  readonly #built = new Map<string, Unit | undefined>();
  /** The places of each class, once a unit is asked for: a search of the table for each would be quadratic. */
  #places: ReadonlyMap<unknown, readonly string[]> | undefined;

  constructor(
    readonly environment: E,
    values: V,
    readonly units: UnitTable,
  ) {
    this.values = observedValues('region', `${environment.path}/${values.region}`, values);
    environment.regions.push(this);
    const { app } = environment.system;
    const place = `stacks/${this.path}/region.ts`;
    if (!segmentPattern.test(values.region))
      app.report({
        code: 'E1103',
        title: 'malformed name',
        place,
        found: `the region is called '${values.region}'`,
        expected: 'lower-case letters, digits and single hyphens',
        todo: 'rename it',
      });
    for (const id of Object.keys(units))
      if (!id.split('/').every((segment) => segmentPattern.test(segment)) || id.split('/').length !== 2)
        app.report({
          code: 'E1103',
          title: 'malformed name',
          place: this.path,
          found: `a unit is called '${id}'`,
          expected: '<layer>/<unit>, each of lower-case letters, digits and single hyphens',
          todo: 'rename it',
        });
    if (values.awsRegion === undefined && values.stateRegion === undefined)
      app.report({
        code: 'E1105',
        title: 'no state region',
        place,
        found: 'neither awsRegion nor stateRegion is set',
        expected: 'the region of the state bucket',
        todo: 'set stateRegion',
      });
    for (const problem of networkProblems(place, values)) app.report(problem);
  }

  get name(): string {
    return this.values.region;
  }

  /** `<system>/<environment>/<region>`. */
  get path(): string {
    return `${this.environment.path}/${this.name}`;
  }

  get stateRegion(): string {
    return this.values.stateRegion ?? this.values.awsRegion ?? '';
  }

  /** What the names of the backend stand for here. */
  get backendPlace(): BackendPlace {
    const { environment, stateRegion } = this;
    return { account: environment.stateAccountId, region: stateRegion, system: environment.system.name, environment: environment.name };
  }

  /** Keys of a unit's state and of the record beside it; `id` is `<layer>/<unit>`. */
  stateKeys(id: string): { readonly state: string; readonly record: string } {
    const state = stateKeyOf(this.environment.system.stateKeyTemplate, `${this.path}/${id}`);
    return { state, record: recordKey(state) };
  }

  /** The backend that holds the region's states, by its names: what a bootstrap unit makes. */
  get backend(): RegionBackend {
    const place = this.backendPlace;
    const { bucket, lockTable, encryption } = this.environment.system.backendNames;
    return {
      bucket: filledName(bucket, place),
      lockTable: filledName(lockTable, place),
      encryption: encryption === 'sse-s3' ? { kind: 'sse-s3' } : keyOf(filledName(encryption, place)),
    };
  }

  /**
   * The unit of a class, to be passed to `dependency()`. `id` chooses among several of one class.
   * Raises E1302 when the region has no such unit, E1309 when it has several and E1303 when asking for it closes a cycle.
   */
  unit<U extends Unit>(type: UnitClass<U>, id?: string): U {
    this.#places ??= placesOf(this.units);
    const found = (this.#places.get(type) ?? []).filter((place) => id === undefined || id === place);
    const [place, second] = found;
    if (place === undefined || second !== undefined)
      throw new TerraceError({
        ...(place === undefined ? { code: 'E1302', title: 'dependency does not exist' } : { code: 'E1309', title: 'ambiguous dependency' }),
        place: this.environment.system.app.building.at(-1) ?? this.path,
        found: `${id ?? type.name} in ${this.path}${second === undefined ? '' : `: ${found.join(', ')}`}`,
        expected: Object.keys(this.units).join(', ') || 'a unit of this region',
        todo: place === undefined ? 'add the unit to the region, or depend on a different unit' : 'name one: region.unit(Class, id)',
      });
    const unit = this.build(place);
    if (!(unit instanceof type)) throw new UnitUnavailable(place);
    return unit;
  }

  /** The units built so far. */
  builtUnits(): readonly Unit[] {
    return [...this.#built.values()].filter((unit) => unit !== undefined);
  }

  /** Builds one unit, or gives the one built before; undefined where it could not be built (the app has the problem). */
  build(id: string): Unit | undefined {
    if (this.#built.has(id)) return this.#built.get(id);
    const type = this.units[id];
    if (type === undefined) throw new RangeError(`${this.path} has no unit ${id}`);
    const { app } = this.environment.system;
    const path = `${this.path}/${id}`;
    const start = app.building.indexOf(path);
    if (start >= 0) {
      app.report({
        code: 'E1303',
        title: 'dependency cycle',
        place: path,
        found: [...app.building.slice(start), path].join(' => '),
        expected: 'no unit depends on itself, not even through others',
        todo: 'remove one of these dependencies, or move what both need into a unit of its own',
      });
      throw new UnitUnavailable(path);
    }
    app.building.push(path);
    try {
      const unit = app.attempt(
        () => whileBuilding(path, () => new type(this, id)),
        (error) => ({
          code: 'E1304',
          title: 'unit cannot be built',
          place: path,
          found: `${sourceLineOf(error instanceof Error ? error.stack : undefined)?.text ?? type.name}: ${messageOf(error)}`,
          todo: 'correct the source of the unit, or add it to the table of a region that has what it needs',
        }),
      );
      if (unit?.bootstrap === true && this.environment.system.isBackendElsewhere) app.report(madeTwice(path));
      if (unit !== undefined && (unit.region !== (this as Region) || unit.id !== id)) app.report(misplaced(path, unit));
      this.#built.set(id, unit);
      return unit;
    } finally {
      app.building.pop();
    }
  }
}

function placesOf(units: UnitTable): ReadonlyMap<unknown, readonly string[]> {
  const places = new Map<unknown, string[]>();
  for (const [id, type] of Object.entries(units)) {
    const known = places.get(type);
    if (known === undefined) places.set(type, [id]);
    else known.push(id);
  }
  return places;
}

function keyOf(name: string): RegionBackend['encryption'] {
  return name.startsWith('alias/') ? { kind: 'alias', name: name.slice('alias/'.length) } : { kind: 'key', arn: name };
}

function madeTwice(path: string): Problem {
  return {
    code: 'E1111',
    title: 'backend made elsewhere',
    place: path,
    found: "it creates a bucket for states, but the root says backend: { made: 'elsewhere' }",
    expected: 'no bootstrap unit, or a backend that it creates',
    todo: 'remove the unit from the region, or `made` from the root',
  };
}

function misplaced(path: string, unit: Unit): Problem {
  return {
    code: 'E1317',
    title: 'unit made for another place',
    place: path,
    found: `${unit.constructor.name} was created for this path, but calls itself ${unit.path}`,
    expected: 'a unit that passes on the region and the id that it was given: super(region, id, …)',
    todo: 'pass them on, and add the unit to the table of its own region',
  };
}
