import type { DiagramEdge } from '../describe/diagram';
import type { Box, Point } from './picture';
import type { Item } from './tree';

/** Boxes and arrows with places relative to one corner; arrangements are put together into a picture. */
export interface Arrangement {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly { readonly item: Item; readonly box: Box }[];
  readonly routes: readonly Route[];
}

export interface Route {
  readonly edge: DiagramEdge;
  readonly points: readonly Point[];
}

/** The same arrangement, moved. */
export function moved(arrangement: Arrangement, x: number, y: number): Arrangement {
  const shift = <T extends Point>(point: T): T => ({ ...point, x: point.x + x, y: point.y + y });
  return {
    ...arrangement,
    boxes: arrangement.boxes.map(({ item, box }) => ({ item, box: shift(box) })),
    routes: arrangement.routes.map((route) => ({
      ...route,
      points: route.points.map(shift),
    })),
  };
}

/** Several arrangements side by side, each already moved to its place. */
export function joined(parts: readonly Arrangement[], width: number, height: number): Arrangement {
  return { width, height, boxes: parts.flatMap((part) => part.boxes), routes: parts.flatMap((part) => part.routes) };
}
