import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { messageOf } from '../../base/message';
import type { JsonObject } from '../../diagram/read/configuration';
import type { EdgeChoice, Level } from '../../diagram/describe/draw';
import { infrastructureOf } from '../../diagram/read/infrastructure';
import type { Infrastructure } from '../../diagram/read/graph';
import type { Picture } from '../../diagram/layout/picture';
import type { DiagramPage } from '../../diagram/render/page';
import type { ThemeName } from '../../diagram/render/svg-style';
import { exitCodes, refuse, TerraceError, type Problem } from '../../base/errors';
import { excludedEnvironments, refusePlannedSelectors } from '../../model/planned';
import { selectorPath, selectPaths } from '../../model/select';
import type { CommandContext } from '../command-context';
import { compiledProject, loadProject } from '../load-project';
import type { OverlayFlags } from './diagram-page';

export interface DiagramFlags extends OverlayFlags {
  readonly format: 'svg' | 'html' | 'mermaid' | 'dot' | 'json';
  readonly level: Level;
  readonly edges: EdgeChoice;
  readonly theme: ThemeName;
  readonly out?: string;
  readonly check?: boolean;
  readonly everyEdge?: boolean;
  readonly whole?: boolean;
  readonly pages?: boolean;
}

/** `terrace diagram`: draws the selection, or writes (or checks) the pages of the selected systems. */
export async function runDiagram(context: CommandContext, selectors: readonly string[], flags: DiagramFlags): Promise<void> {
  const root = context.project();
  if (flags.pages === true) return finish(root, await pageFiles(root, selectors), flags.check === true);
  if (flags.check === true && flags.out === undefined) {
    throw new TerraceError(
      {
        code: 'E9004',
        title: 'nothing to check',
        found: '--check without --out',
        todo: 'name the file with --out, or check all pages with --pages',
      },
      exitCodes.wrongUsage,
    );
  }
  const laid = (['bundle', 'drift', 'status'] as const).filter((name) => flags[name] !== undefined);
  if (laid.length > 0 && flags.format !== 'html') {
    throw new TerraceError(
      {
        code: 'E9008',
        title: 'nothing to overlay',
        found: `--${laid[0] ?? ''} with --format ${flags.format}`,
        todo: 'only the page can show it: add --format html',
      },
      exitCodes.wrongUsage,
    );
  }
  const infrastructure = await readInfrastructure(root, selectors, context.includePlanned);
  const text = await textOf(context, infrastructure, flags);
  if (flags.out === undefined) process.stdout.write(text);
  else finish(process.cwd(), new Map([[flags.out, text]]), flags.check === true);
}

interface SelectedInfrastructure {
  readonly graph: Infrastructure;
  readonly selected: readonly string[];
}

/** The graph of the systems that the selectors touch, whole, and the paths of the selected units. */
export async function readInfrastructure(
  root: string,
  selectors: readonly string[],
  includePlanned: boolean,
): Promise<SelectedInfrastructure> {
  const { synthesizeInMemory, withScratch } = await import('../../synth/synthesize');
  const systems = [...new Set(selectors.map((selector) => selectorPath(selector).split('/')[0] ?? ''))];
  return withScratch(root, async (scratch) => {
    const { tree, files } = await synthesizeInMemory(loadProject(root), {
      root,
      selectors: systems,
      scratch,
      commit: null,
      dirty: false,
      includePlanned,
    });
    const json = new Map<string, JsonObject>();
    for (const file of files.live) {
      if (path.posix.basename(file.path) === 'main.tf.json')
        json.set(path.posix.dirname(file.path), JSON.parse(file.content.toString('utf8')));
    }
    const known = tree.model.units.map((unit) => unit.path);
    refusePlannedSelectors(selectors, known, excludedEnvironments(tree.model));
    const selected = selectPaths(known, selectors);
    return { graph: infrastructureOf(tree.model, json), selected };
  });
}

async function textOf(context: CommandContext, infrastructure: SelectedInfrastructure, flags: DiagramFlags): Promise<string> {
  if (flags.format === 'html') return (await import('./diagram-page')).diagramPage(context, infrastructure, flags);
  const view = {
    selected: new Set(infrastructure.selected),
    everyEdge: flags.everyEdge === true,
    whole: flags.whole === true,
    edges: flags.edges,
  };
  const { readable } = await import('../../diagram/layout/readable');
  return render(await readable(infrastructure.graph, flags.level, view), flags);
}

async function render(picture: Picture, { format, theme }: DiagramFlags): Promise<string> {
  const { diagram } = picture;
  if (format === 'json') return `${JSON.stringify({ version: 1, ...diagram }, null, 2)}\n`;
  if (format === 'mermaid') return (await import('../../diagram/render/mermaid')).mermaidOf(diagram);
  if (format === 'dot') return (await import('../../diagram/render/dot')).dotOf(diagram);
  return (await import('../../diagram/render/svg')).svgOf(picture, theme);
}

async function pageFiles(root: string, selectors: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const systems = selectPaths(
    Object.keys(loadProject(root).systems).sort(),
    selectors.map((selector) => selectorPath(selector).split('/')[0] ?? ''),
  );
  const described = systems.filter((system) => existsSync(path.join(root, 'stacks', system, 'diagrams.ts')));
  if (described.length === 0) {
    throw new TerraceError(
      {
        code: 'E9005',
        title: 'no pages described',
        found: `no diagrams.ts in ${systems.map((system) => `stacks/${system}`).join(', ')}`,
        todo: 'select a system that has one, or draw a single picture without --pages',
      },
      exitCodes.wrongUsage,
    );
  }
  const { filesOf } = await import('../../diagram/render/page');
  const files = new Map<string, string>();
  for (const system of described) {
    // A page shows what is planned too, whoever writes it.
    const { graph } = await readInfrastructure(root, [system], true);
    const { pages }: { readonly pages?: (graph: Infrastructure) => readonly DiagramPage[] } = require(
      path.join(compiledProject(root), 'stacks', system, 'diagrams'),
    );
    if (pages === undefined) {
      throw new TerraceError({
        code: 'E9005',
        title: 'no pages described',
        place: `stacks/${system}/diagrams.ts`,
        found: 'no export called pages',
        expected: 'export function pages(graph: Infrastructure): readonly DiagramPage[]',
        todo: 'export it, or remove the file',
      });
    }
    for (const page of pages(graph)) for (const [name, text] of await filesOf(page)) files.set(name, text);
  }
  return files;
}

/** Writes what differs, or reports it: E9003 for each file that is missing or out of date. Names are told as they are given, from the folder `from`. */
function finish(from: string, files: ReadonlyMap<string, string>, check: boolean): void {
  const problems: Problem[] = [];
  let right = 0;
  for (const [name, text] of files) {
    const file = path.resolve(from, name);
    const before = statSync(file, { throwIfNoEntry: false })?.isFile() === true ? readFileSync(file, 'utf8') : undefined;
    if (before === text) {
      right += 1;
      continue;
    }
    if (check) {
      problems.push({
        code: 'E9003',
        title: 'diagram out of date',
        place: name,
        found: before === undefined ? 'the file does not exist' : 'it differs from what the source draws now',
        todo: 'run the same command without --check, and commit the result',
      });
      continue;
    }
    try {
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, text);
    } catch (error) {
      problems.push({
        code: 'E9006',
        title: 'diagram cannot be written',
        place: name,
        found: messageOf(error, file),
        todo: 'choose another file, or make this one writable',
      });
      continue;
    }
    process.stderr.write(`${before === undefined ? 'written' : 'changed'}: ${name}\n`);
  }
  refuse(problems);
  if (!check && right > 0) process.stderr.write(`${right === 1 ? '1 file' : `${right} files`} up to date\n`);
}
