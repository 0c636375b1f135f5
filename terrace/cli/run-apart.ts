import { spawn } from 'node:child_process';
import path from 'node:path';

import { commandApart } from '../base/apart';
import { exitCodes } from '../base/errors';
import { packageRoot } from '../base/package-file';
import { errorCodeIn } from './error-catalogue';
import { commandContext } from './command-context';
import { globalOptions, report } from './command-line';
import { quietly } from './quietly';
import { fixedEnvironment } from './synthesizer';

/** Commands that build the source where they print what they found: they ask no account for anything. */
const building = new Set(['explain', 'diagram', 'iam', 'ci generate']);

/** What a program may know of the terminal that it writes to. */
const display = /^(?:TERM|COLORTERM|TERM_PROGRAM|NO_COLOR|FORCE_COLOR|COLUMNS|LINES|CI)$/;

/**
 * Runs a command that builds the source in a process of its own, as synthesis is run: without a credential in its environment, and as far as the
 * kernel lets a person do so out of reach of those of the machine. Gives its exit code; undefined for any other command line.
 */
export async function ranApart(argv: readonly string[]): Promise<number | undefined> {
  const { words, ...places } = globalOptions(argv);
  const [first = '', second = '', ...rest] = words.slice(2);
  const isBuilding = building.has(first) || building.has(`${first} ${second}`);
  if (!isBuilding) return undefined;
  // Help and the meaning of an error need no source.
  if ([first, second, ...rest].some((word) => word === '--help' || word === '-h') || errorCodeIn(second) !== undefined) return undefined;
  const root = commandContext({ cwd: process.cwd(), env: process.env, ...places }).projectIfAny();
  if (root === undefined) return undefined;
  try {
    return await runOnce(argv, root);
  } catch (error) {
    return report(error);
  }
}

async function runOnce(argv: readonly string[], root: string): Promise<number> {
  const shown = Object.entries(process.env).filter(([name]) => display.test(name));
  const env = { ...fixedEnvironment(root, process.env), ...Object.fromEntries(shown) };
  const { program, args } = commandApart(root, process.execPath, [
    ...quietly,
    path.join(packageRoot(), 'bin', 'apart-command.js'),
    String(process.pid),
    ...argv.slice(2),
  ]);
  const child = spawn(program, args, { env, stdio: 'inherit' });
  // Ctrl-C reaches both: this one says how the other ended.
  const wait = (): void => undefined;
  process.on('SIGINT', wait);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? exitCodes.failed));
    });
  } finally {
    process.off('SIGINT', wait);
  }
}
