import { readContent } from '../../delivery/bundle/content';
import { verifyContent } from '../../delivery/bundle/verify';
import type { Level } from '../../diagram/describe/draw';
import { pageData } from '../../diagram/explore/collect';
import { pageHtml } from '../../diagram/explore/page-html';
import type { Overlay, OverlayName } from '../../diagram/explore/page-data';
import type { Infrastructure } from '../../diagram/read/graph';
import { reviewSource } from '../../review/bundle-source';
import { buildReview } from '../../review/model/build';
import type { CommandContext } from '../command-context';
import { bundleOverlay, driftOverlay, statusOverlay } from '../diagram-overlays';
import { loadProject } from '../load-project';
import { printedReport } from '../printed-report';
import { withBusyLine } from '../busy-line';

export interface OverlayFlags {
  readonly bundle?: string;
  readonly drift?: string;
  readonly status?: string;
}

interface PageFlags extends OverlayFlags {
  readonly level: Level;
  readonly edges: 'needs' | 'traffic';
}

/** `terrace diagram --format html`: the page of some units, with what is laid over them. */
export async function diagramPage(
  context: CommandContext,
  { graph, selected }: { readonly graph: Infrastructure; readonly selected: readonly string[] },
  flags: PageFlags,
): Promise<string> {
  const units = new Set(selected);
  const known = new Set([...selected, ...graph.resources.filter(({ unit }) => units.has(unit.path)).map(({ id }) => id)]);
  const depth = flags.level === 'system' ? 'layer' : flags.level;
  return pageHtml(
    pageData(graph, {
      selected: units,
      overlays: await overlaysOf(flags, known),
      start: { depth, edges: flags.edges },
      placeOf: await placesOf(context, selected),
    }),
  );
}

async function overlaysOf(flags: OverlayFlags, known: ReadonlySet<string>): Promise<Partial<Record<OverlayName, Overlay>>> {
  return {
    ...(flags.bundle === undefined
      ? {}
      : { bundle: bundleOverlay(buildReview(reviewSource(await verifyContent(await readContent(flags.bundle))), {}), known) }),
    ...(flags.drift === undefined ? {} : { drift: driftOverlay(printedReport('drift', flags.drift), known) }),
    ...(flags.status === undefined ? {} : { status: statusOverlay(printedReport('status', flags.status), known) }),
  };
}

/** Where the source makes units and resources; nowhere for a project that does not build under observation. */
async function placesOf(
  context: CommandContext,
  units: readonly string[],
): Promise<(unit: string, address?: string) => string | undefined> {
  const root = context.project();
  const [{ observedBuilder }, { makersOf }] = await Promise.all([
    import('../../synth/explain/observed-builds'),
    import('../../synth/explain/attribute-sources'),
  ]);
  const build = await withBusyLine('finding the lines of the source', () =>
    observedBuilder(root, () => loadProject(root), context.includePlanned).build(units),
  );
  if (build === undefined) return () => undefined;
  const lineOf = (unit: string, address: string): string | undefined => {
    const lines = makersOf({ base: build }, unit, address).map(({ text }) => text);
    return lines.find((line) => line.startsWith('stacks/')) ?? lines[0];
  };
  const lines = new Map<string, string[]>();
  const places = new Map<string, string>();
  for (const unit of build.tree.units) {
    for (const element of unit.node.findAll()) {
      const name: unknown = Reflect.get(element, 'friendlyUniqueId');
      const type: unknown = Reflect.get(element, 'terraformResourceType');
      if (typeof name !== 'string' || typeof type !== 'string') continue;
      const line = lineOf(unit.path, `${type}.${name}`);
      if (line === undefined) continue;
      places.set(`${unit.path}#${type}.${name}`, line);
      if (line.startsWith('stacks/')) lines.set(unit.path, [...(lines.get(unit.path) ?? []), line]);
    }
  }
  return (unit, address) => (address === undefined ? ownLine(lines.get(unit) ?? []) : places.get(`${unit}#${address}`));
}

/** The first line of the file that makes most of a unit: that of the unit itself, not of a base class. */
function ownLine(lines: readonly string[]): string | undefined {
  const fileOf = (line: string): string => line.slice(0, line.lastIndexOf(':'));
  const numberOf = (line: string): number => Number(line.slice(line.lastIndexOf(':') + 1));
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(fileOf(line), (counts.get(fileOf(line)) ?? 0) + 1);
  const [most] = [...counts].sort((one, other) => other[1] - one[1]);
  return lines.filter((line) => fileOf(line) === most?.[0]).toSorted((one, other) => numberOf(one) - numberOf(other))[0];
}
