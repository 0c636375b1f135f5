import { lineWidth } from '../base/line-width';
import { painter } from '../base/paint';
import { busyText } from '../delivery/report/live-line';

type Terminal = Pick<NodeJS.WriteStream, 'write' | 'isTTY' | 'columns'>;

/** Says on a terminal what a command is busy with and for how long; elsewhere nothing is written. */
export async function withBusyLine<T>(text: string, work: () => Promise<T>, stream: Terminal = process.stderr): Promise<T> {
  if (!stream.isTTY) return await work();
  const started = performance.now();
  const paint = painter(stream, process.env);
  const draw = (): void => {
    stream.write(`\r\u001B[2K${paint('soft', busyText(text, (performance.now() - started) / 1000, lineWidth(stream)))}`);
  };
  draw();
  const timer = setInterval(draw, 1000).unref();
  try {
    return await work();
  } finally {
    clearInterval(timer);
    stream.write('\r\u001B[2K');
  }
}
