import { Option, type Command } from 'commander';

import type { CommandContext } from '../command-context';

interface GraphFlags {
  readonly json?: boolean;
  readonly dot?: boolean;
  readonly mermaid?: boolean;
}

export function register(program: Command, context: CommandContext): void {
  program
    .command('graph')
    .description('Print the dependencies between the selected units (and the units that they need).')
    .argument('[selectors...]', '<system>[/<environment>[/<region>[/<layer>[/<unit>]]]]; without a selector, everything is selected')
    .addOption(new Option('--json', 'as JSON: nodes with waves, edges with the outputs they carry').conflicts(['dot', 'mermaid']))
    .addOption(new Option('--dot', 'as Graphviz DOT').conflicts('mermaid'))
    .option('--mermaid', 'as a Mermaid flowchart')
    .addHelpText(
      'after',
      `
An edge points from a unit to one it depends on. For pictures, see \`terrace diagram\`.

Examples:
  terrace graph olechka/dev/eu-central-1
  terrace graph tux --mermaid
  terrace graph olechka --dot | dot -Tsvg > olechka.svg
  terrace graph --json | jq '.edges | length'`,
    )
    .action(async (selectors: string[], flags: GraphFlags) => {
      const { runGraph } = await import('../actions/graph');
      await runGraph(
        context,
        selectors,
        flags.json === true ? 'json' : flags.dot === true ? 'dot' : flags.mermaid === true ? 'mermaid' : 'text',
      );
    });
}
