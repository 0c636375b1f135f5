import type { DiagramCluster } from './diagram';
import type { Infrastructure, UnitNode } from './infrastructure';

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

/** Path below the system. */
export function shortPath(path: string): string {
  return path.slice(path.indexOf('/') + 1);
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
