import type { UnitModel } from './model';

export type GraphFormat = 'text' | 'json' | 'dot' | 'mermaid';

/** The dependencies of some units in one of the formats; ends with a newline. Edges point from a unit to one it depends on. */
export function renderGraph(units: readonly UnitModel[], format: GraphFormat): string {
  const render = { text: renderText, json: renderJson, dot: renderDot, mermaid: renderMermaid }[format];
  return `${render(units)}\n`;
}

function renderText(units: readonly UnitModel[]): string {
  if (units.length === 0) return 'no units';
  const waves = [...new Set(units.map(({ wave }) => wave))].sort((a, b) => a - b);
  return waves
    .map((wave) => {
      const lines = units
        .filter((unit) => unit.wave === wave)
        .flatMap((unit) => [
          `  ${unit.path}${unit.planned === true ? ' (planned)' : ''}`,
          ...unit.dependencies.map(
            ({ unit: upstream, outputs }) => `    needs ${upstream}${outputs.length === 0 ? '' : ` (${outputs.join(', ')})`}`,
          ),
        ]);
      return [`wave ${wave}`, ...lines].join('\n');
    })
    .join('\n');
}

function renderJson(units: readonly UnitModel[]): string {
  const nodes = units.map(({ path, stackId, wave, planned }) => ({ path, stackId, wave, ...(planned === true ? { planned } : {}) }));
  const edges = units.flatMap(({ path, dependencies }) => dependencies.map(({ unit, outputs }) => ({ from: path, to: unit, outputs })));
  return JSON.stringify({ version: 1, nodes, edges }, null, 2);
}

function renderDot(units: readonly UnitModel[]): string {
  const nodes = units.map(({ path, planned }) => `  ${JSON.stringify(path)}${planned === true ? ' [style = "dashed"]' : ''};`);
  const edges = units.flatMap(({ path, dependencies }) =>
    dependencies.map(({ unit }) => `  ${JSON.stringify(path)} -> ${JSON.stringify(unit)};`),
  );
  return ['digraph {', '  rankdir = "RL";', '  node [shape = "box"];', ...nodes, ...edges, '}'].join('\n');
}

function renderMermaid(units: readonly UnitModel[]): string {
  const ids = new Map(units.map(({ path }, index) => [path, `u${index}`]));
  const nodes = units.map(({ path, planned }) => `  ${ids.get(path) ?? ''}["${path}"]${planned === true ? ':::planned' : ''}`);
  const style = units.some(({ planned }) => planned === true) ? ['  classDef planned stroke-dasharray: 5 5'] : [];
  const edges = units.flatMap(({ path, dependencies }) =>
    dependencies.flatMap(({ unit }) => (ids.has(unit) ? `  ${ids.get(path) ?? ''} --> ${ids.get(unit) ?? ''}` : [])),
  );
  return ['flowchart RL', ...nodes, ...edges, ...style].join('\n');
}
