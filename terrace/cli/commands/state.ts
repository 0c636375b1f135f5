import type { Command } from 'commander';

import type { AnswerFlags } from '../actions/state-answer';
import type { ShapeFlags } from '../actions/shape';
import { onTree, type CommandContext } from '../command-context';

interface Pointed {
  readonly tree?: string;
}

interface Locking extends Pointed {
  readonly lockTimeout?: string;
  readonly json?: boolean;
}

const unitSyntax = '<system>/<environment>/<region>/<layer>/<unit>';
const selectorSyntax = '<system>[/<environment>[/<region>[/<layer>[/<unit>]]]]; without a selector, everything is selected';

const treeText = 'a tree that was synthesized before; loads no TypeScript';

export function register(program: Command, context: CommandContext): void {
  const state = program.command('state').description('Check, compare, bring back and move states.');
  registerReading(state, context);
  registerShape(state, context);
  registerWriting(state, context);
  registerAnswers(state, context);
}

function registerReading(state: Command, context: CommandContext): void {
  state
    .command('verify')
    .description('Check that each state is valid, matches its recorded MD5 digest, has a lineage of its own, and holds nothing simulated.')
    .argument('[selectors...]', selectorSyntax)
    .option('--tree <folder>', treeText)
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      '\nExits 3 when something is wrong.\n\nExamples:\n  terrace state verify\n  terrace state verify olechka/production --json',
    )
    .action(async (selectors: string[], flags: Pointed & { readonly json?: boolean }) => {
      const { runStateVerify } = await import('../actions/state');
      await runStateVerify(onTree(context, flags.tree), selectors, flags.json ?? false);
    });
  state
    .command('history')
    .description('List the versions of a state, the newest first.')
    .argument('<unit>', unitSyntax)
    .option('--limit <n>', 'how many', '20')
    .option('--tree <folder>', treeText)
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      '\nWorks for a unit that is gone from the source, too.\n\nExamples:\n  terrace state history olechka/dev/eu-central-1/network/vpc\n  terrace state history olechka/dev/eu-central-1/network/vpc --limit 100 --json',
    )
    .action(async (unit: string, flags: Pointed & { readonly limit: string; readonly json?: boolean }) => {
      const { runStateHistory } = await import('../actions/state');
      await runStateHistory(onTree(context, flags.tree), unit, Math.max(1, Number.parseInt(flags.limit, 10) || 20), flags.json ?? false);
    });
  state
    .command('pull')
    .description('Print a state, byte by byte, after comparing it with its digest.')
    .argument('<unit>', unitSyntax)
    .option('--version <id>', 'an earlier version, from `terrace state history`')
    .option('--tree <folder>', treeText)
    .addHelpText(
      'after',
      "\nA state holds secrets in plain text.\n\nExamples:\n  terrace state pull olechka/dev/eu-central-1/network/vpc | jq '.resources | length'\n  terrace state pull olechka/dev/eu-central-1/network/vpc --version 3sL4kqtJlcpXroDTDmJ.rmSpXd3dIbrHY",
    )
    .action(async (unit: string, flags: Pointed & { readonly version?: string }) => {
      const { runStatePull } = await import('../actions/state');
      await runStatePull(onTree(context, flags.tree), unit, flags.version);
    });
}

function registerShape(state: Command, context: CommandContext): void {
  state
    .command('shape')
    .description('Write what states hold, without secrets: one line a resource, a stand-in of the same form for each secret.')
    .argument('[selectors...]', selectorSyntax)
    .option('--out <file>', 'where to write it (default: the standard output)')
    .option('--key <file>', 'key of the stand-ins (default: TERRACE_SHAPE_KEY, else one kept among the working files)')
    .option('--tree <folder>', treeText)
    .addHelpText(
      'after',
      `
Reads states and records alone; the plan role is enough. Secrets are what states, schemas and variables mark, and what must be taken for one
by its name or form; they are replaced wherever they stand, inside longer values and other encodings too. The same key gives the same
stand-ins, also for the TF_VAR_* that they come from. docs/schemas/shape.v1.json describes the file.

Examples:
  terrace state shape olechka/production --out production.shape.json
  TERRACE_SHAPE_KEY=$(openssl rand -hex 32) terrace state shape --out all.shape.json
  terrace sandbox seed production.shape.json`,
    )
    .action(async (selectors: string[], flags: ShapeFlags) => {
      const { runStateShape } = await import('../actions/shape');
      await runStateShape(context, selectors, flags);
    });
}

function registerWriting(state: Command, context: CommandContext): void {
  locking(
    state
      .command('restore')
      .description('Make an earlier version of a state current again.')
      .argument('<unit>', unitSyntax)
      .requiredOption('--version <id>', 'from `terrace state history`'),
  )
    .option('--other-lineage', 'even if the version is the state of something else')
    .addHelpText(
      'after',
      '\nWritten as a new version with a higher serial, under the lock, with its digest; the current one stays in the history.\n\nExamples:\n  terrace state restore olechka/dev/eu-central-1/network/vpc --version 3sL4kqtJlcpXroDTDmJ.rmSpXd3dIbrHY',
    )
    .action(async (unit: string, flags: Locking & { readonly version: string; readonly otherLineage?: boolean }) => {
      const { runStateRestore } = await import('../actions/state');
      await runStateRestore(onTree(context, flags.tree), unit, flags.version, flags);
    });
  locking(
    state
      .command('move')
      .description("Move a unit's state, or single resources of it, to another unit.")
      .argument('<from>', unitSyntax)
      .argument('<to>', unitSyntax)
      .argument('[addresses...]', 'resources, instances or modules; OLD=NEW renames')
      .option('--from-commit <commit>', 'take it from where this commit kept it: after a change of account, bucket or prefix')
      .option('--yes', 'move even if the provider of the other unit looks in another account or region'),
  )
    .addHelpText(
      'after',
      `
Takes both locks, copies, reads back, and only then removes. Killed at any point, the same command goes on.
The old state stays in the history of its place.

Examples:
  terrace state move olechka/dev/eu-central-1/network/lb olechka/dev/eu-central-1/network/alb
  terrace state move olechka/dev/eu-central-1/network/vpc olechka/dev/eu-central-1/network/nat aws_eip.nat 'aws_nat_gateway.a["x"]=aws_nat_gateway.b["x"]'`,
    )
    .action(
      async (from: string, to: string, addresses: string[], flags: Locking & { readonly fromCommit?: string; readonly yes?: boolean }) => {
        const { runStateMove } = await import('../actions/state');
        await runStateMove(onTree(context, flags.tree), from, to, addresses, flags);
      },
    );
  locking(
    state
      .command('recover')
      .description('Push the errored.tfstate that terraform left where it could not write its state.')
      .argument('<unit>', unitSyntax),
  )
    .option('--file <path>', 'where it is; one that `terrace apply --kept` encrypted is opened', undefined)
    .option('--identity <file>', 'age identity that opens it; in the sandbox its own by default')
    .option('--older-too', 'even if the stored state was written since')
    .option('--other-lineage', 'even if the stored state is of something else')
    .addHelpText(
      'after',
      '\nWithout --file it is looked for where plain terraform (live/), terrace apply (.terrace/errored/) and cdktf (cdktf.out/stacks/) leave it.\n\nExamples:\n  terrace state recover olechka/dev/eu-central-1/network/vpc\n  terrace state recover olechka/dev/eu-central-1/network/vpc --file cdktf.out/stacks/olechka-dev-eu-central-1-network-vpc/errored.tfstate',
    )
    .action(
      async (unit: string, flags: Locking & { readonly file?: string; readonly olderToo?: boolean; readonly otherLineage?: boolean }) => {
        const { runStateRecover } = await import('../actions/state');
        await runStateRecover(onTree(context, flags.tree), unit, flags.file, flags);
      },
    );
  locking(
    state
      .command('digest')
      .description('Record the MD5 of what is stored, under the lock.')
      .argument('<selectors...>', selectorSyntax.replace('; without a selector, everything is selected', '')),
  )
    .addHelpText(
      'after',
      '\nFor a return from `lock: s3`, and where a writer died between the state and its digest. Look at the state first.\n\nExamples:\n  terrace state digest olechka/dev\n  terrace state digest olechka/dev/eu-central-1/network/vpc --lock-timeout 1m',
    )
    .action(async (selectors: string[], flags: Locking) => {
      const { runStateDigest } = await import('../actions/state');
      await runStateDigest(onTree(context, flags.tree), selectors, flags);
    });
}

function registerAnswers(state: Command, context: CommandContext): void {
  state
    .command('import')
    .description("Import an existing object into a unit's state, after terraform died while creating it.")
    .argument('<unit>', unitSyntax)
    .argument('<address>', 'address of the resource, as `terrace status` names it')
    .argument('<id>', 'its import ID, as the provider documents it')
    .option('--tree <folder>', treeText)
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      '\nUnder the lock, by terraform import.\n\nExamples:\n  terrace state import olechka/dev/eu-central-1/network/vpc aws_vpc.vpc vpc-0123456789abcdef0',
    )
    .action(async (unit: string, address: string, id: string, flags: AnswerFlags) => {
      const { runStateImport } = await import('../actions/state-answer');
      await runStateImport(context, unit, address, id, flags);
    });
  state
    .command('absent')
    .description('Confirm that resources do not exist which terraform had begun to create when it died.')
    .argument('<unit>', unitSyntax)
    .argument('<addresses...>', 'addresses, as `terrace status` names them')
    .option('--tree <folder>', treeText)
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      '\nLook for them first: what exists and is in no state is made a second time.\n\nExamples:\n  terrace state absent olechka/dev/eu-central-1/network/vpc aws_vpc.vpc',
    )
    .action(async (unit: string, addresses: string[], flags: AnswerFlags) => {
      const { runStateAbsent } = await import('../actions/state-answer');
      await runStateAbsent(context, unit, addresses, flags);
    });
}

function locking(command: Command): Command {
  return command
    .option('--lock-timeout <time>', 'how long to wait for a held lock, such as 20s')
    .option('--tree <folder>', treeText)
    .option('--json', 'print as JSON');
}
