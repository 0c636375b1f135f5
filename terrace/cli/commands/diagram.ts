import { type Command, Option } from 'commander';

import type { CommandContext } from '../command-context';

import type { DiagramFlags } from '../actions/diagram';

export function register(program: Command, context: CommandContext): void {
  program
    .command('diagram')
    .description('Draw the selected units as they are synthesized: as SVG, an interactive page, Mermaid, Graphviz DOT or JSON.')
    .argument('[selectors...]', '<system>[/<environment>[/<region>[/<layer>[/<unit>]]]]; without a selector, everything is selected')
    .addOption(new Option('--format <format>', 'what to write').choices(['svg', 'html', 'mermaid', 'dot', 'json']).default('svg'))
    .addOption(
      new Option('--level <level>', 'what each box is: a layer (system), a unit or a resource')
        .choices(['system', 'unit', 'resource'])
        .default('unit'),
    )
    .addOption(
      new Option('--edges <edges>', 'what arrows show: what each unit or resource needs, or who calls whom')
        .choices(['needs', 'traffic'])
        .default('needs'),
    )
    .addOption(
      new Option('--theme <theme>', 'colours of the SVG; auto follows the reader’s settings')
        .choices(['auto', 'light', 'dark'])
        .default('auto'),
    )
    .option('--out <file>', 'write to this file instead of standard output')
    .option('--check', 'write nothing; exit with 1 if --out (or a page) differs from what would be written')
    .option('--every-edge', 'also draw arrows that other arrows already imply, and one box for each resource')
    .option('--whole', 'draw at the given level whatever the size, instead of grouping what is too large to read')
    .option('--bundle <place>', 'overlay what a bundle changes, with its findings (html)')
    .option('--drift <file>', 'overlay the output of `terrace drift --json` (html)')
    .option('--status <file>', 'overlay the output of `terrace status --json` (html)')
    .option('--pages', 'write the documentation pages of the selected systems (stacks/<system>/diagrams.ts) instead of one picture')
    .addHelpText(
      'after',
      `
An arrow points from a unit or resource to one that uses it or, with --edges traffic, from a caller to what it calls. Only the source is read:
no state, no credentials.

Examples:
  terrace diagram tux --out tux.svg
  terrace diagram tux/production --level resource --out docs/assets/infrastructure.svg
  terrace diagram olechka --format html --out olechka.html
  terrace diagram olechka --format html --bundle bundle --out bundle.html
  terrace diagram olechka/dev/eu-central-1 --level resource --edges traffic --out traffic.svg
  terrace diagram olechka --level system --format mermaid
  terrace diagram olechka/dev/eu-central-1/network --level resource --format dot | dot -Tpdf > network.pdf
  terrace diagram --pages --check               fail if a documented picture is out of date`,
    )
    .action(async (selectors: string[], flags: DiagramFlags) => {
      const { runDiagram } = await import('../actions/diagram');
      await runDiagram(context, selectors, flags);
    });
}
