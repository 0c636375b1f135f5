import type { DiagramCluster } from './diagram';
import { shortPath } from './frames';

/** Where a unit stands that was not selected, or that lies in another environment than who reads it: in a frame of its own region. */
export interface OutsidePlace {
  readonly title: string;
  readonly frame: DiagramCluster;
}

/** The place of a unit beside a reader. A region of the reader's environment is the one that is drawn there; another environment's is a frame within the reader's. */
export function outsidePlace(needed: string, reader: string): OutsidePlace {
  const [region, environment] = [upTo(needed, 3), upTo(reader, 2)];
  const title = needed.slice(region.length + 1);
  const isOwn = upTo(needed, 2) === environment;
  const name = isOwn ? region.slice(environment.length + 1) : upTo(needed, 1) === upTo(reader, 1) ? shortPath(region) : region;
  return {
    title,
    frame: { id: isOwn ? region : `${region} beside ${environment}`, title: name, kind: 'region', parent: environment, tooltip: region },
  };
}

/** Frames that are drawn already, and those that only boxes from outside stand in. */
export function withOutside(frames: readonly DiagramCluster[], outside: Iterable<DiagramCluster>): readonly DiagramCluster[] {
  const all = new Map(frames.map((frame) => [frame.id, frame]));
  for (const frame of outside) if (!all.has(frame.id)) all.set(frame.id, frame);
  return [...all.values()];
}

function upTo(path: string, folders: number): string {
  return path.split('/').slice(0, folders).join('/');
}
