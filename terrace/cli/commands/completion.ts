import { Argument, type Command } from 'commander';

import type { CommandContext } from '../command-context';
import { completionScript, shells, type Shell } from '../completion';

export function register(program: Command, context: CommandContext): void {
  program
    .command('completion')
    .description('Print the completion script for bash, zsh or fish: commands, options and unit paths.')
    .addArgument(new Argument('<shell>', 'the shell').choices(shells))
    .addHelpText(
      'after',
      `
Unit paths come from the tree that was synthesized last.

Examples:
  eval "$(npx --no terrace completion bash)"      in ~/.bashrc
  eval "$(npx --no terrace completion zsh)"       in ~/.zshrc, after compinit
  npx --no terrace completion fish | source       in ~/.config/fish/config.fish`,
    )
    .action((shell: Shell) => void process.stdout.write(completionScript(shell)));
  program
    .command('complete', { hidden: true })
    .description('Print the completions of the last word; called by the scripts of `terrace completion`.')
    .argument('[words...]', 'words of a command line, the last one unfinished')
    .addHelpText('after', '\nExamples:\n  terrace complete -- plan olechka/')
    .action(async (words: readonly string[]) => {
      const { runComplete } = await import('../actions/complete');
      runComplete(context, program, words);
    });
}
