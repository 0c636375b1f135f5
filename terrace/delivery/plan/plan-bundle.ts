import { TerraceError, exitCodes, worstOf, type ExitCode, type Problem } from '../../base/errors';
import type { UnitModel } from '../../model/model';
import {
  bundleFile,
  unitPaths,
  type Bundle,
  type BundleUnit,
  type CoveredEnvironment,
  type DeferredUnit,
  type RulesChange,
  type ShardOf,
} from '../bundle/bundle';
import { contentOf, type BundleContent } from '../bundle/content';
import { refuseForeignPlace, writeBundle } from '../bundle/write';
import { canonicalText, sha256 } from '../../base/canonical';
import { failed } from '../problems';
import type { DeliveryContext } from '../terraform/context';
import { runInOrder, unitsAtOnce } from '../terraform/pool';
import { sweepWorkspaces } from '../terraform/workspace';

import { refuseDirty } from './changed-work-tree';
import { missingVariables } from './missing-variables';
import { shardOf } from './shard';
import { compareTargets, type MemoryRequest } from './standing';
import type { EnvironmentNote, Remark } from '../bundle/remark';
import { applyOrder, type PlanTarget, type ReadersFirst } from '../target/plan-target';
import { knownReaders, type KnownReaders, type ReaderSearch } from './known-readers';
import { concernsReaders, takesAway, withLivingReaders } from './living-readers';
import { planUnit, type UnitPlanning } from './plan-unit';
import { announce } from './announce';
import { sealedPreview, withPreview } from './preview';
import { withoutExcluded, excludedByUpstreams } from './excluded';

export interface BundleRequest {
  readonly targets: readonly PlanTarget[];
  readonly commit: string | null;
  readonly dirty: boolean;
  /** Files that differ from the commit; asked for where that is refused. @default not known */
  readonly changedFiles?: () => readonly string[];
  readonly authors: readonly string[];
  readonly rules: RulesChange | null;
  /** Units by path, also outside the selection: where mocks come from. */
  readonly models: ReadonlyMap<string, UnitModel>;
  /** Where readers of the units are looked for: environments, and units that tell in which buckets they keep their states. @default the targets' own */
  readonly places?: ReaderSearch;
  /** What is remembered of the units. @default the records alone */
  readonly memory?: MemoryRequest;
  /** Age recipients of all units. */
  readonly recipients: readonly string[];
  /** Recipients of the units of one environment, in place of those of all. Raises E6021 where a unit has none. @default those of all */
  readonly recipientsOf?: (environment: string) => readonly string[] | undefined;
  /** Folder, or archive (`.tar.gz`). */
  readonly out: string;
  /** @default false */
  readonly mock?: boolean;
  /** @default true */
  readonly lock?: boolean;
  /** Round of plan and apply. @default 1 */
  readonly round?: number;
  readonly shard?: ShardOf;
  /** True where the units of the selection wait for each other: the first shard has them all. @default false */
  readonly undivided?: boolean;
  /** Environments of which the selection leaves no unit out. @default none */
  readonly covers?: readonly CoveredEnvironment[];
  /** The accepted commit that a rolled-back history lost. @default none */
  readonly supersedes?: string;
  /** What a reviewer should know of units that are not planned. @default nothing */
  readonly unplanned?: readonly Remark[];
  /** What a reviewer should know of the environments. @default nothing */
  readonly notes?: readonly EnvironmentNote[];
  /** Hours until the bundle expires. @default 24 */
  readonly expiresIn?: number;
}

export interface PlanReport {
  readonly content: BundleContent;
  readonly bundle: Bundle;
  /** Problems of units that could not be planned; their dependents are left out. */
  readonly problems: readonly Problem[];
  readonly exitCode: ExitCode;
  readonly seconds: ReadonlyMap<string, number>;
}

/**
 * Plans the targets in the order of their dependencies and seals the result. A dependent whose upstream's plan changes what it consumes is
 * deferred (G6); one whose upstream failed is left out; everything else goes on. Nothing is written where no unit could be planned; a shard is.
 * Raises before the first terraform: E6041, E6051 to E6053 (see `compareTargets`), E6020 dirty, E6021 no recipients, E6023 missing variables, E6027 a place that holds
 * something else. Raises E6036 after Ctrl-C, with no bundle.
 */
export async function planBundle(context: DeliveryContext, request: BundleRequest): Promise<PlanReport> {
  refuseDirty(request, context.env);
  if (
    request.targets.some(({ unit }) => recipientsOf(request, unit).length === 0) ||
    (request.targets.length === 0 && request.recipients.length === 0)
  )
    throw failed(
      'E6021',
      {
        found: 'a bundle holds plans, which hold secrets',
        todo: 'pass --recipient age1… (or --recipients FILE) for everybody who may apply; `terrace keygen --age` creates a key',
      },
      exitCodes.refused,
    );
  const absent = missingVariables(
    // One that only waits to be destroyed must not stop the others; its own plan says what it lacks.
    request.targets.filter((target) => target.operation === 'apply').map((target) => target.unit),
    context.env,
  );
  if (absent.length > 0) throw new TerraceError(absent);
  refuseForeignPlace(request.out);
  sweepWorkspaces(context.work);
  const standing = await compareTargets(
    context,
    request.shard === undefined ? request.targets : shardOf(request.targets, request.shard, request.undivided),
    request.memory ?? {},
  );
  const { targets } = standing;
  const round = request.round ?? 1;
  context.onEvent({ type: 'round', phase: 'plan', round, units: targets.map((target) => target.unit.path) });
  const selected = new Set(request.targets.map((target) => target.unit.path));
  const options = {
    recipients: (unit: UnitModel) => recipientsOf(request, unit),
    mock: request.mock ?? false,
    lock: request.lock ?? true,
    models: request.models,
    selected,
  };
  const tasks = targets.map((target) => ({
    path: target.unit.path,
    after: target.operation === 'destroy' ? [] : target.unit.dependencies.map((dependency) => dependency.unit),
    target,
  }));
  const results = await runInOrder<(typeof tasks)[number], UnitPlanning>(
    tasks,
    unitsAtOnce(context.parallel),
    async ({ target }, earlier, release) => {
      const planned =
        excludedByUpstreams(target, earlier, options.mock) ??
        (context.signal.aborted
          ? { kind: 'skipped' as const, reason: 'interrupted' }
          : (context.onEvent({ type: 'planning', unit: target.unit.path }), await planUnit(context, target, options, release)));
      const result = planned.kind === 'deferred' ? await withPreview(context, target, options, planned) : planned;
      announce(context, target.unit.path, result);
      return result;
    },
  );
  if (context.signal.aborted) {
    context.onEvent({ type: 'interrupted' });
    throw failed('E6036', {
      found: 'interrupted before everything was planned; terraform ended cleanly, and no bundle was written',
      todo: 'run the command again',
    });
  }
  const readers = withLivingReaders(targets, results, await readersFor(context, request, targets, results));
  const planned = withoutExcluded(targets, readers.results, options.mock);
  const { content, bundle } = seal(
    context,
    request,
    { targets, results: planned, first: readers.first, remarks: [...standing.remarks, ...readers.remarks] },
    round,
  );
  const problems = [...planned.values()].flatMap((result) => (result.kind === 'failed' ? result.problems : []));
  const codes = [...planned.values()].flatMap((result) => (result.kind === 'failed' ? [result.exitCode] : []));
  if (isSealed(bundle)) context.onEvent({ type: 'sealed', round, bundle: request.out, hash: content.hash });
  return {
    content,
    bundle,
    problems,
    exitCode: worstOf(codes),
    seconds: new Map([...planned].flatMap(([path, result]) => (result.kind === 'planned' ? [[path, result.seconds] as const] : []))),
  };
}

function recipientsOf({ recipients, recipientsOf: own }: BundleRequest, { system, environment }: UnitModel): readonly string[] {
  return own?.(`${system}/${environment}`) ?? recipients;
}

/** Who reads what plans take away or change; nobody is asked where none does. */
async function readersFor(
  context: DeliveryContext,
  request: BundleRequest,
  targets: readonly PlanTarget[],
  results: ReadonlyMap<string, UnitPlanning>,
): Promise<KnownReaders> {
  const concerned = targets.flatMap((target) => {
    const result = results.get(target.unit.path);
    return result !== undefined && concernsReaders(target, result) ? [{ ...target, takes: takesAway(target, result) }] : [];
  });
  return knownReaders(context, concerned, request.places ?? { systems: [], units: [...request.models.values()] });
}

/** What planning came to. */
interface Planned {
  readonly targets: readonly PlanTarget[];
  readonly results: ReadonlyMap<string, UnitPlanning>;
  readonly first: ReadersFirst;
  readonly remarks: readonly Remark[];
}

function seal(
  context: DeliveryContext,
  request: BundleRequest,
  { targets, results, first, remarks: others }: Planned,
  round: number,
): { readonly content: BundleContent; readonly bundle: Bundle } {
  const order = applyOrder(targets, first);
  const remarks: Remark[] = [
    ...(request.unplanned ?? []),
    ...others.filter(({ unit, kind }) => kind === 'unit-excluded' || results.get(unit)?.kind === 'planned'),
  ];
  const units: BundleUnit[] = [];
  const deferred: DeferredUnit[] = [];
  const files = new Map<string, Uint8Array>();
  const failures: { readonly unit: string; readonly error: string }[] = [];
  for (const [unit, result] of [...results].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (result.kind === 'deferred') {
      const { reason, upstream, outputs, preview } = result;
      deferred.push({ unit, reason, upstream, outputs, ...(preview === undefined ? {} : { source: sealedPreview(preview) }) });
      if (preview?.masked !== undefined) files.set(unitPaths(unit).masked, preview.masked);
    } else if (result.kind === 'failed')
      failures.push({ unit, error: `${result.problems[0]?.code ?? ''} ${result.problems[0]?.found.split('\n')[0] ?? ''}`.trim() });
    else if (result.kind === 'skipped') failures.push({ unit, error: result.reason });
    else {
      remarks.push(...result.remarks);
      units.push({ ...result.entry, after: (order.get(unit) ?? []).filter((other) => results.get(other)?.kind === 'planned') });
      const paths = unitPaths(unit);
      for (const [name, content] of result.parts.files) files.set(`${paths.files}/${name}`, content);
      files.set(paths.masked, result.parts.masked);
      files.set(paths.encrypted, result.parts.encrypted);
    }
  }
  for (const { environment, kind, text } of request.notes ?? []) {
    const first = units.find(({ unit }) => `${unit.system}/${unit.environment}` === environment);
    if (first !== undefined) remarks.push({ kind, unit: first.unit.path, text });
  }
  const now = context.now();
  const bundle: Bundle = {
    format: 'terrace-bundle',
    version: 1,
    commit: request.commit,
    dirty: request.dirty,
    authors: [...new Set(request.authors.map((author) => author.toLowerCase()))].toSorted(),
    rules: request.rules,
    terraform: { name: context.binary.name, version: context.binary.version },
    createdAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + (request.expiresIn ?? 24) * 3_600_000).toISOString(),
    round,
    shard: request.shard ?? null,
    selection: sha256(canonicalText(request.targets.map((target) => `${target.operation} ${target.unit.path}`).toSorted())),
    units,
    deferred,
    failed: failures,
    ...(request.covers === undefined || request.covers.length === 0 ? {} : { covers: request.covers }),
    ...(request.supersedes === undefined ? {} : { supersedes: request.supersedes }),
    ...(remarks.length === 0 ? {} : { remarks: remarks.toSorted((a, b) => (a.unit < b.unit ? -1 : a.unit > b.unit ? 1 : 0)) }),
  };
  files.set(bundleFile, Buffer.from(canonicalText(bundle)));
  if (isSealed(bundle)) writeBundle(request.out, files);
  return { content: contentOf(request.out, files), bundle };
}

/** A bundle without a plan is not written: nobody could approve anything by it. A shard may have none; what is merged of them may not. */
export function isSealed(bundle: Bundle): boolean {
  return bundle.units.length > 0 || bundle.shard !== null;
}
