import { styleText } from 'node:util';

import { lineWidth } from '../base/line-width';

type Terminal = Pick<NodeJS.WriteStream, 'write' | 'isTTY' | 'columns'>;

/** Says on a terminal what a command is busy with, for as long as it takes; elsewhere nothing is written. */
export async function withBusyLine<T>(text: string, work: () => Promise<T>, stream: Terminal = process.stderr): Promise<T> {
  if (!stream.isTTY) return await work();
  stream.write(styleText('dim', `${text} …`.slice(0, lineWidth(stream))));
  try {
    return await work();
  } finally {
    stream.write('\r\u001B[2K');
  }
}
