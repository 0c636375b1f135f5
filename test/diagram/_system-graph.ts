import type { System, TreeApp } from 'terrace';

import type { JsonObject } from '../../terrace/diagram/read/configuration';
import type { Diagram } from '../../terrace/diagram/describe/diagram';
import type { Infrastructure } from '../../terrace/diagram/read/graph';
import { infrastructureOf } from '../../terrace/diagram/read/infrastructure';
import type { DiagramPage } from '../../terrace/diagram/render/page';
import type { Model } from '../../terrace/model/model';
import { synthesizeInMemory, withScratch } from '../../terrace/synth/synthesize';
import { projectRoot } from '../_helpers/project-root';

/** A synthesized system as pictures read it: its model, and the JSON of each unit by its path. */
export interface SystemJson {
  readonly model: Model;
  readonly units: Readonly<Record<string, JsonObject>>;
}

export async function synthesizedSystem(name: string, build: (app: TreeApp) => System): Promise<SystemJson> {
  const root = projectRoot;
  return withScratch(root, async (scratch) => {
    const project = { systems: { [name]: async () => build } };
    const { tree, files } = await synthesizeInMemory(project, { root, selectors: [], scratch, commit: null, dirty: false });
    const units = files.live.flatMap(({ path, content }): readonly [string, JsonObject][] =>
      path.endsWith('/main.tf.json') ? [[path.replace(/\/main\.tf\.json$/, ''), JSON.parse(content.toString())]] : [],
    );
    return { model: tree.model, units: Object.fromEntries(units) };
  });
}

/** The same with one unit's JSON changed. */
export function changedUnit(system: SystemJson, unit: string, change: (json: Record<string, never>) => void): SystemJson {
  const json = structuredClone(system.units[unit]);
  if (json === undefined) throw new Error(`nothing to change: ${unit}`);
  change(json as Record<string, never>);
  return { ...system, units: { ...system.units, [unit]: json } };
}

/** A picture of a system's pages, by its heading. */
export function drawn(pages: (graph: Infrastructure) => readonly DiagramPage[], { model, units }: SystemJson, heading: string): Diagram {
  const graph = infrastructureOf(model, new Map(Object.entries(units)));
  const diagram = pages(graph)
    .flatMap(({ sections }) => sections)
    .find((section) => section.heading === heading)?.diagram;
  if (diagram === undefined) throw new Error(`no ${heading}`);
  return diagram;
}

/** `FROM TO` of each arrow, sorted. */
export function arrowsOf(diagram: Diagram): readonly string[] {
  return diagram.edges.map(({ from, to }) => `${from} ${to}`).sort();
}
