import { outputWidth } from '../base/line-width';
import { painter, type Paint } from '../base/paint';

/** The colours and the columns of a stream. */
export function shownOn(stream: NodeJS.WriteStream): { readonly paint: Paint; readonly width: number | undefined } {
  return { paint: painter(stream, process.env), width: outputWidth(stream) };
}
