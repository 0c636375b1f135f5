import type { Diagram } from '../describe/diagram';
import { draw, levels, type DrawView, type Level } from '../describe/draw';
import { cardOf } from '../measure/card';
import type { Infrastructure } from '../read/graph';
import { crossingsOf } from './crossings';
import { layout } from './layout';
import type { Picture } from './picture';

/** What a reader can take in at once. */
export interface Limits {
  /** Square pixels. @default 7,150,000: a sheet of A1 at 96 pixels an inch, the largest that is put up on a wall */
  readonly area: number;
  /** Crossings of arrows. @default 120: our judgement, from the pictures of five systems: with more of them a single arrow can hardly be followed */
  readonly crossings: number;
}

const usual: Limits = { area: 7_150_000, crossings: 120 };

/**
 * The picture of some units at a level, laid out. Where it would be larger or more tangled than a reader can take in, the next coarser level is
 * drawn, with a note that says so, unless the whole is asked for. What boxes alone fill more than the area is not laid out to find that out.
 */
export async function readable(graph: Infrastructure, level: Level, view: DrawView, limits: Limits = usual): Promise<Picture> {
  const diagram = draw(graph, level, view);
  const coarser = levels[levels.indexOf(level) - 1];
  if (view.whole === true || coarser === undefined) return layout(diagram);
  const boxes = areaOfBoxes(diagram);
  const picture = boxes > limits.area ? undefined : await layout(diagram);
  const reason = picture === undefined ? `the boxes alone would fill ${megapixels(boxes)}` : tooMuch(picture, limits);
  if (picture !== undefined && reason === undefined) return picture;
  const { diagram: grouped, ...places } = await readable(graph, coarser, view, limits);
  const note = `At level ${level} ${reason ?? ''}, so it is drawn at level ${coarser}. Select fewer units, or draw it with --whole.`;
  return { ...places, diagram: { ...grouped, notes: [note, ...(grouped.notes ?? [])] } };
}

function tooMuch(picture: Picture, limits: Limits): string | undefined {
  const { width, height } = picture;
  if (width * height > limits.area) return `this would be ${width} × ${height} pixels`;
  const crossings = crossingsOf(picture);
  return crossings > limits.crossings ? `arrows would cross ${crossings} times` : undefined;
}

function areaOfBoxes(diagram: Diagram): number {
  return diagram.nodes.map(cardOf).reduce((sum, { width, height }) => sum + width * height, 0);
}

function megapixels(area: number): string {
  return `${(area / 1_000_000).toFixed(1)} megapixels`;
}
