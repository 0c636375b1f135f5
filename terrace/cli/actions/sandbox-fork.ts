import path from 'node:path';

import { exitCodes, TerraceError } from '../../base/errors';
import type { CommandContext } from '../command-context';
import { createFork, endForks, type Fork, listForks } from '../../sandbox/forks';
import { renderTable } from '../table';
import { sandboxFolder } from './sandbox';

export interface ForkFlags {
  readonly from?: string;
  readonly empty?: boolean;
  readonly json?: boolean;
}

/** `terrace sandbox fork` */
export async function runFork(context: CommandContext, name: string | undefined, flags: ForkFlags): Promise<void> {
  const project = context.project();
  if (flags.empty === true && flags.from !== undefined)
    throw new TerraceError(
      {
        code: 'E5010',
        title: 'invalid fork name',
        place: '--empty',
        found: '--from already says what to start from',
        todo: 'use only one of them',
      },
      exitCodes.wrongUsage,
    );
  const origin = flags.empty === true ? {} : { from: sandboxFolder(context, flags.from === undefined ? {} : { dir: flags.from }) };
  const fork = await createFork({ project, ...origin, ...(name === undefined ? {} : { name }) });
  if (flags.json === true) {
    process.stdout.write(`${JSON.stringify({ version: 1, ...fork }, null, 2)}\n`);
    return;
  }
  const shown = path.relative(process.cwd(), fork.dir) || fork.dir;
  process.stdout.write(`fork ${fork.name} runs on 127.0.0.1:${fork.port}\n`);
  process.stderr.write(
    `enter it with: eval "$(npx --no terrace sandbox env --dir ${shown})"\nend it with:   npx --no terrace sandbox end ${fork.name}\n`,
  );
}

/** `terrace sandbox forks` */
export async function runForks(context: CommandContext, flags: { readonly json?: boolean }): Promise<void> {
  const forks = await listForks(context.project());
  process.stdout.write(flags.json === true ? `${JSON.stringify({ version: 1, forks }, null, 2)}\n` : `${textOf(forks)}\n`);
}

/** `terrace sandbox end` */
export async function runEnd(context: CommandContext, names: readonly string[], flags: { readonly all?: boolean }): Promise<void> {
  if ((names.length === 0) === (flags.all !== true))
    throw new TerraceError(
      { code: 'E5011', title: 'no such fork', found: 'neither a name nor --all was given', todo: 'name the forks to end, or use --all' },
      exitCodes.wrongUsage,
    );
  const ended = await endForks(context.project(), flags.all === true ? 'all' : names);
  process.stdout.write(ended.length === 0 ? 'no forks\n' : `ended ${ended.join(', ')}\n`);
}

function textOf(forks: readonly Fork[]): string {
  if (forks.length === 0) return 'no forks';
  const rows = forks.map(({ name, state, port, from, dir }) => [
    name,
    state,
    String(port),
    from === undefined ? '-' : path.relative(process.cwd(), from) || from,
    path.relative(process.cwd(), dir) || dir,
  ]);
  return renderTable(['fork', 'state', 'port', 'of', 'folder'], rows, ['left', 'left', 'right', 'left', 'left']);
}
