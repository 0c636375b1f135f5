import type { DiagramCluster, DiagramNode } from './diagram';
import type { Infrastructure, UnitNode } from '../read/graph';

/** How deep the folders of the tree are drawn as clusters. */
export type FrameDepth = 'environment' | 'region' | 'layer' | 'unit';

const depths: readonly FrameDepth[] = ['environment', 'region', 'layer', 'unit'];

/**
 * Clusters for the folders in which some units lie, down to a depth, outer ones first: the system where there are several, environment,
 * region, layer, unit. Ids are the folders' paths.
 */
export function framesOf(graph: Infrastructure, units: readonly UnitNode[], depth: FrameDepth): readonly DiagramCluster[] {
  const frames = new Map<string, DiagramCluster>();
  const several = new Set(units.map(({ unit }) => unit.system)).size > 1;
  for (const { unit, planned } of units) {
    const mark = planned ? { planned } : {};
    const add = (cluster: DiagramCluster): void => {
      if (!frames.has(cluster.id)) frames.set(cluster.id, cluster);
    };
    const environment = `${unit.system}/${unit.environment}`;
    const region = `${environment}/${unit.region}`;
    if (several) add({ id: unit.system, title: unit.system, subtitle: 'system', kind: 'system' });
    const account = graph.model.systems
      .find((one) => one.name === unit.system)
      ?.environments.find((one) => one.name === unit.environment)?.stateAccount;
    const tooltip = account === undefined ? environment : `${environment}, state in account ${account}`;
    add({
      id: environment,
      title: unit.environment,
      subtitle: planned ? 'environment, planned' : 'environment',
      kind: 'environment',
      tooltip,
      ...mark,
      ...(several ? { parent: unit.system } : {}),
    });
    const reach = depths.indexOf(depth);
    if (reach >= 1) add({ id: region, title: unit.region, kind: 'region', parent: environment, tooltip: region, ...mark });
    if (reach >= 2)
      add({ id: `${region}/${unit.layer}`, title: unit.layer, kind: 'layer', parent: region, tooltip: `${region}/${unit.layer}`, ...mark });
    if (reach >= 3)
      add({ id: `${unit.path}/`, title: unit.name, kind: 'unit', parent: `${region}/${unit.layer}`, tooltip: unit.path, ...mark });
  }
  return [...frames.values()];
}

/**
 * A dashed cluster with one box for each environment that a system describes without having units of it: planned, and left out of the
 * synthesis. Only where the whole system is drawn.
 */
export function plannedFrames(
  graph: Infrastructure,
  units: readonly UnitNode[],
): { readonly clusters: readonly DiagramCluster[]; readonly nodes: readonly DiagramNode[] } {
  const drawn = new Set(units.map(({ unit }) => unit.path));
  const systems = new Set(units.map(({ unit }) => unit.system));
  const whole = graph.model.systems.filter(
    ({ name }) => systems.has(name) && graph.units.every(({ unit }) => unit.system !== name || drawn.has(unit.path)),
  );
  const environments = whole.flatMap((system) =>
    system.environments
      .filter(
        ({ name, planned }) =>
          planned === true && !graph.units.some(({ unit }) => unit.system === system.name && unit.environment === name),
      )
      .map(({ name }) => ({ id: `${system.name}/${name}`, name, ...(systems.size > 1 ? { parent: system.name } : {}) })),
  );
  return {
    clusters: environments.map(({ name, ...place }) => ({
      ...place,
      title: name,
      subtitle: 'environment, planned',
      kind: 'environment' as const,
      planned: true,
    })),
    nodes: environments.map(({ id }) => ({
      id: `${id}/planned`,
      title: 'not built yet',
      kind: 'unit' as const,
      parent: id,
      planned: true,
      tooltip: `${id} is planned`,
    })),
  };
}

/** Path below the system. */
export function shortPath(path: string): string {
  return path.slice(path.indexOf('/') + 1);
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
