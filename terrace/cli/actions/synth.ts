import path from 'node:path';

import { messageOf } from '../../base/message';
import type { SynthesisReport } from '../../synth/synthesize';
import { quantity } from '../../base/plural';
import { isErrno } from '../../base/errno';
import { TerraceError } from '../../base/errors';
import type { CommandContext } from '../command-context';
import { liveRoot, synthesize } from '../project';

export interface SynthRequest {
  readonly selectors: readonly string[];
  readonly out?: string;
  readonly check: boolean;
  readonly json: boolean;
}

/** `terrace synth`. Gives false where `--check` found differences. */
export async function runSynth(context: CommandContext, request: SynthRequest): Promise<boolean> {
  const root = context.project();
  const out = request.out === undefined ? liveRoot(root) : path.resolve(request.out);
  const started = performance.now();
  const report = await synthesizeTo(root, out, request);
  const clean = !request.check || report.written.length + report.removed.length === 0;
  if (request.json) {
    const { units, written, removed, unchanged } = report;
    process.stdout.write(`${JSON.stringify({ version: 1, out, check: request.check, units, written, removed, unchanged }, null, 2)}\n`);
    return clean;
  }
  process.stdout.write(`${text(report, request.check, path.relative(process.cwd(), out) || '.', (performance.now() - started) / 1000)}\n`);
  return clean;
}

/** Synthesizes; a place that cannot be written is E3204. */
async function synthesizeTo(root: string, out: string, { selectors, check, out: given }: SynthRequest): Promise<SynthesisReport> {
  try {
    return await synthesize(root, { selectors, check, ...(given === undefined ? { environments: true } : { out }) });
  } catch (cause) {
    if (!isErrno(cause, 'ENOTDIR', 'EEXIST', 'EACCES', 'EPERM', 'EROFS', 'ENOSPC')) throw cause;
    throw new TerraceError(
      {
        code: 'E3204',
        title: 'tree cannot be written',
        place: out,
        found: messageOf(cause),
        expected: 'a folder, there already or to be made, with room and the right to write',
        todo: 'give --out another place, or make room in this one; the same command then completes the tree',
      },
      undefined,
      { cause },
    );
  }
}

function text(report: SynthesisReport, check: boolean, out: string, seconds: number): string {
  const { units, written, removed, unchanged } = report;
  if (!check)
    return `${quantity(units.length, 'unit')} in ${out}: ${quantity(written.length, 'file')} written, ${removed.length} removed, ${unchanged} unchanged (${seconds.toFixed(1)} s)`;
  if (written.length + removed.length === 0) return `${quantity(units.length, 'unit')} in ${out}: up to date`;
  return [
    ...written.map((name) => `differs    ${name}`),
    ...removed.map((name) => `left over  ${name}`),
    `${out} is not what the source makes: run \`terrace synth\``,
  ].join('\n');
}
