import type { Command } from 'commander';

import type { CommandContext } from './command-context';
import { commandLine, runCommandLine } from './command-line';
import { commands } from './commands/index';
import { ranApart } from './run-apart';

/** The whole command line, as the installed package has it. */
export function program(context: CommandContext): Command {
  return commandLine(context, commands);
}

/** Runs one command line; never returns a rejected promise. Sets the process's exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  const exitCode = await ranApart(argv);
  if (exitCode !== undefined) {
    process.exitCode = exitCode;
    return;
  }
  await mainApart(argv);
}

/** The same in a process that was set apart, where there is nothing left to set apart. */
export async function mainApart(argv: readonly string[]): Promise<void> {
  await runCommandLine(argv, { commands, source: true });
}
