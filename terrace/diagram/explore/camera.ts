import type { Camera } from './state';

interface Size {
  readonly width: number;
  readonly height: number;
}

const margin = 20;
/** Below this nothing can be read: what is larger is shown from its beginning. */
const least = 0.42;
export const scales = { least: 0.05, most: 4 } as const;

/** The camera that shows a whole picture, or as much of its beginning as can be read. */
export function fitting(picture: Size, view: Size): Camera {
  const whole = Math.min(
    1.15,
    (view.width - 2 * margin) / Math.max(1, picture.width),
    (view.height - 2 * margin) / Math.max(1, picture.height),
  );
  const scale = Math.max(least, whole);
  const centred = (length: number, room: number): number => Math.min(-margin / scale, (length - room / scale) / 2);
  const fits = (length: number, room: number): boolean => length * scale <= room - margin;
  return {
    x: fits(picture.width, view.width) ? centred(picture.width, view.width) : -margin / scale,
    y: fits(picture.height, view.height) ? centred(picture.height, view.height) : -margin / scale,
    scale,
  };
}

/** The camera after zooming by a factor; what lies under a point of the window stays there. */
export function zoomed({ x, y, scale }: Camera, factor: number, at: { readonly x: number; readonly y: number }): Camera {
  const next = Math.min(scales.most, Math.max(scales.least, scale * factor));
  return { x: x + at.x / scale - at.x / next, y: y + at.y / scale - at.y / next, scale: next };
}

/** The camera after the picture was drawn along by some pixels of the window. */
export function panned({ x, y, scale }: Camera, by: { readonly x: number; readonly y: number }): Camera {
  return { x: x - by.x / scale, y: y - by.y / scale, scale };
}

/** The camera in which a box stands where it stood, after everything was placed anew. */
export function anchored(
  camera: Camera,
  before: { readonly x: number; readonly y: number },
  after: { readonly x: number; readonly y: number },
): Camera {
  return { ...camera, x: camera.x + after.x - before.x, y: camera.y + after.y - before.y };
}
