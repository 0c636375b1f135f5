import { Command, CommanderError } from 'commander';

import { buildText } from '../base/build';
import { exitCodes, formatProblem, formatProblems, TerraceError } from '../base/errors';
import { includePlannedFlag } from '../model/planned';
import { commandContext, type CommandContext } from './command-context';
import { helpText } from './help-text';
import { acceptIncludePlanned } from './include-planned';
import { sandboxHint } from './sandbox-hint';
import { acceptFolders, acceptGraph } from './path-arguments';
import { uncodedProblem } from './uncoded-problem';

export interface CommandLineOptions {
  readonly commands: readonly ((program: Command, context: CommandContext) => void)[];
  /** False for the program in one file, which cannot load a project's TypeScript. */
  readonly source: boolean;
}

/** Builds a command line; loads nothing but the commands' descriptions. */
export function commandLine(context: CommandContext, commands: CommandLineOptions['commands']): Command {
  const root = new Command('terrace')
    .description(
      'Typed Terraform for many environments: synthesize, plan, review, approve and apply, on real clouds or in an offline sandbox.',
    )
    .version(buildText())
    .option('--debug', 'show stack traces and other details that are normally left out')
    .option('--project <dir>', 'project folder (default: the nearest folder above with a cdktf.json)')
    .option('--repository <dir>', 'git repository to read rules and history from (default: the project’s)')
    // So that `terrace state restore --version V` is not the program's own --version.
    .enablePositionalOptions()
    .showHelpAfterError('(run with --help for usage)')
    .showSuggestionAfterError()
    // Names alone: what a command takes is in its own help, and a line fits 60 columns.
    .configureHelp({ sortSubcommands: true, subcommandTerm: (command) => command.name(), minWidthToWrap: 20 })
    .configureOutput({ writeOut: (text) => void process.stdout.write(helpText(text, process.stdout)) })
    .addHelpText(
      'after',
      `
Examples:
  terrace list                                  every unit and its wave
  terrace synth olechka/dev                     write cdktf.out/ and live/ for one environment
  eval "$(terrace sandbox env)"                 point terraform, terragrunt and cdktf at the sandbox

With --json, errors are printed as JSON on standard output too: version, exitCode and problems.

Exit codes: 0 done, 1 failed, 2 changes present, 3 refused by a guarantee, 4 lock held, 64 wrong usage.`,
    );
  for (const register of commands) register(root, context);
  acceptIncludePlanned(root);
  quiet(root);
  acceptFolders(root, context);
  acceptGraph(root, context);
  return root;
}

/** Runs one command line; never returns a rejected promise. Sets the process's exit code. */
export async function runCommandLine(argv: readonly string[], { commands, source }: CommandLineOptions): Promise<void> {
  // A reader that went away (`| head`) is no failure.
  process.stdout.on('error', endAtClosedPipe);
  if (argv.includes('--debug')) process.env['TERRACE_DEBUG'] = '1';
  const { words, ...places } = globalOptions(argv);
  const root = commandLine(commandContext({ cwd: process.cwd(), env: process.env, source, ...places }), commands);
  try {
    refuseUnknown(root, words.slice(2));
    await root.parseAsync(words);
  } catch (error) {
    process.exitCode = report(error);
    if (process.exitCode !== exitCodes.done && entersSandbox(words.slice(2))) await closeShell();
    if (error instanceof TerraceError && wantsJson(root, words.slice(2)))
      process.stdout.write(`${JSON.stringify({ version: 1, exitCode: error.exitCode, problems: error.problems }, null, 2)}\n`);
  }
}

/** True for `sandbox env` in a shell that evaluates what is printed. */
function entersSandbox(words: readonly string[]): boolean {
  return words[0] === 'sandbox' && words[1] === 'env' && !words.includes('--json') && !words.includes('--unset');
}

/** A shell that goes on without the sandbox it asked for must not work on what is real. */
async function closeShell(): Promise<void> {
  const [{ closedLines }, { blankedIn }, { listedNames }] = await Promise.all([
    import('../sandbox/environment/closed-shell'),
    import('../sandbox/environment/environment'),
    import('../sandbox/environment/shell'),
  ]);
  process.stdout.write(`${closedLines(blankedIn(process.env), listedNames(process.env)).join('\n')}\n`);
}

/** Options of every command that take a value. */
const placeOptions = ['project', 'repository'] as const;

/** Takes out what is meant for every command, wherever it stands before `--`. */
export function globalOptions(argv: readonly string[]): {
  readonly words: readonly string[];
  /** True where the flag stands; it stays among the words, since only commands that read units take it. */
  readonly includePlanned: boolean;
  readonly project?: string;
  readonly repository?: string;
} {
  const end = argv.indexOf('--');
  const [own, passed] = end === -1 ? [argv, []] : [argv.slice(0, end), argv.slice(end)];
  const words: string[] = [];
  const places: { project?: string; repository?: string } = {};
  for (let at = 0; at < own.length; at += 1) {
    const word = own[at] ?? '';
    const next = own[at + 1];
    const name = placeOptions.find((one) => word === `--${one}` || word.startsWith(`--${one}=`));
    if (word === '--debug') continue;
    if (name === undefined || (word === `--${name}` && next === undefined)) words.push(word);
    else if (word === `--${name}`) {
      places[name] = next ?? '';
      at += 1;
    } else places[name] = word.slice(name.length + 3);
  }
  return { words: [...words, ...passed], includePlanned: words.includes(includePlannedFlag), ...places };
}

/** True where the command has a `--json` without a file, and it is given; what follows `--` belongs to another program. */
function wantsJson(command: Command, words: readonly string[]): boolean {
  const [name = '', ...rest] = words;
  const known = command.commands.find((one) => one.name() === name);
  if (known !== undefined) return wantsJson(known, rest);
  const end = words.indexOf('--');
  const own = end === -1 ? words : words.slice(0, end);
  return own.includes('--json') && command.options.some((option) => option.long === '--json' && option.isBoolean());
}

/** `terrace lsit --help` is a typing error, and no wish for the help of the whole. */
function refuseUnknown(command: Command, [name = '', ...rest]: readonly string[]): void {
  if (command.commands.length === 0 || name === '' || name === 'help' || name.startsWith('-')) return;
  const known = command.commands.find((one) => one.name() === name);
  if (known !== undefined) refuseUnknown(known, rest);
  else if (rest.includes('--help') || rest.includes('-h')) command.parse([name], { from: 'user' });
}

function endAtClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit(exitCodes.done);
}

/** Prints what ended a command; gives its exit code. */
export function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.wrongUsage;
  const debug = process.env['TERRACE_DEBUG'] !== undefined;
  if (error instanceof TerraceError) {
    process.stderr.write(`${formatProblems(error.problems)}\n`);
    const hint = sandboxHint(error.problems, process.env, process.cwd());
    if (hint !== undefined) process.stderr.write(`\n${hint}\n`);
    if (debug) process.stderr.write(`\n${error.stack}\n`);
    return error.exitCode;
  }
  process.stderr.write(`${formatProblem(uncodedProblem(error))}\n`);
  if (debug && error instanceof Error) process.stderr.write(`\n${error.stack}\n`);
  return exitCodes.failed;
}

/** Commands throw instead of exiting, so that a wrong usage ends with 64 everywhere. */
function quiet(command: Command): void {
  command.exitOverride();
  for (const sub of command.commands) quiet(sub);
}
