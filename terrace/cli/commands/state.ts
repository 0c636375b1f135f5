import type { Command } from 'commander';

import type { ForgetReaderFlags } from '../actions/forget-reader';
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

const treeText = 'use a tree that was synthesized before; loads no TypeScript';

export function register(program: Command, context: CommandContext): void {
  const state = program.command('state').description('Check, list, restore, move and repair states, and forget readers that are gone.');
  registerReading(state, context);
  registerShape(state, context);
  registerWriting(state, context);
  registerAnswers(state, context);
  registerForgetting(state, context);
}

function registerReading(state: Command, context: CommandContext): void {
  state
    .command('verify')
    .description('Check that each state is valid, matches its recorded MD5 digest, has its own lineage, and holds nothing simulated.')
    .argument('[selectors...]', selectorSyntax)
    .option('--tree <folder>', treeText)
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      '\nExits with 3 if something is wrong.\n\nExamples:\n  terrace state verify\n  terrace state verify olechka/production --json',
    )
    .action(async (selectors: string[], flags: Pointed & { readonly json?: boolean }) => {
      const { runStateVerify } = await import('../actions/state');
      await runStateVerify(onTree(context, flags.tree), selectors, flags.json ?? false);
    });
  state
    .command('history')
    .description('List the versions of a state, newest first.')
    .argument('<unit>', unitSyntax)
    .option('--limit <n>', 'how many', '20')
    .option('--tree <folder>', treeText)
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      '\nAlso works for a unit that is gone from the source.\n\nExamples:\n  terrace state history olechka/dev/eu-central-1/network/vpc\n  terrace state history olechka/dev/eu-central-1/network/vpc --limit 100 --json',
    )
    .action(async (unit: string, flags: Pointed & { readonly limit: string; readonly json?: boolean }) => {
      const { runStateHistory } = await import('../actions/state');
      await runStateHistory(onTree(context, flags.tree), unit, Math.max(1, Number.parseInt(flags.limit, 10) || 20), flags.json ?? false);
    });
  state
    .command('pull')
    .description('Print the exact bytes of a state, after checking its digest.')
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
    .description('Write what states hold, without secrets: one line per resource, with a stand-in of the same form for each secret.')
    .argument('[selectors...]', selectorSyntax)
    .option('--out <file>', 'file to write (default: standard output)')
    .option('--key <file>', 'key that stand-ins are made with (default: TERRACE_SHAPE_KEY, else .terrace/shape.key)')
    .option('--tree <folder>', treeText)
    .addHelpText(
      'after',
      `
Reads only states and records; the plan role is enough. A secret is whatever states, schemas or variables mark as one, or what its name or
form gives away; secrets are replaced wherever they occur, also inside longer values and in other encodings. The same key gives the same
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
    .option('--other-lineage', 'even if that version belongs to another lineage')
    .addHelpText(
      'after',
      '\nWrites a new version with a higher serial and its digest, under the lock; the current version stays in the history.\n\nExamples:\n  terrace state restore olechka/dev/eu-central-1/network/vpc --version 3sL4kqtJlcpXroDTDmJ.rmSpXd3dIbrHY',
    )
    .action(async (unit: string, flags: Locking & { readonly version: string; readonly otherLineage?: boolean }) => {
      const { runStateRestore } = await import('../actions/state');
      await runStateRestore(onTree(context, flags.tree), unit, flags.version, flags);
    });
  locking(
    state
      .command('move')
      .description("Move a unit's state, or some of its resources, to another unit.")
      .argument('<from>', unitSyntax)
      .argument('<to>', unitSyntax)
      .argument('[addresses...]', 'resources, instances or modules; OLD=NEW renames')
      .option('--from-commit <commit>', 'take the state from where it was at this commit, after a change of account, bucket or prefix')
      .option('--yes', "move even if the other unit's provider looks in another account or region"),
  )
    .addHelpText(
      'after',
      `
Takes both locks, copies, reads back, and only then removes. If it is killed at any point, run the same command again to finish.
The old state stays in the history of its old place.

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
      .description('Upload the errored.tfstate that terraform left behind when it could not write its state.')
      .argument('<unit>', unitSyntax),
  )
    .option('--file <path>', 'the file; one that `terrace apply --kept` encrypted is decrypted', undefined)
    .option('--identity <file>', 'age identity that opens it (default in the sandbox: its own)')
    .option('--older-too', 'even if the stored state is newer')
    .option('--other-lineage', 'even if the stored state has another lineage')
    .addHelpText(
      'after',
      '\nWithout --file, the places are searched where plain terraform (live/), terrace apply (.terrace/errored/) and cdktf (cdktf.out/stacks/) leave it.\n\nExamples:\n  terrace state recover olechka/dev/eu-central-1/network/vpc\n  terrace state recover olechka/dev/eu-central-1/network/vpc --file cdktf.out/stacks/olechka-dev-eu-central-1-network-vpc/errored.tfstate',
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
      .description('Record the MD5 digest of the stored state, under the lock.')
      .argument('<selectors...>', selectorSyntax.replace('; without a selector, everything is selected', '')),
  )
    .addHelpText(
      'after',
      '\nFor going back from `lock: s3`, or after a writer died between writing the state and its digest. Check the state first.\n\nExamples:\n  terrace state digest olechka/dev\n  terrace state digest olechka/dev/eu-central-1/network/vpc --lock-timeout 1m',
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
    .argument('<id>', 'its import id, as the provider documents it')
    .option('--tree <folder>', treeText)
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      '\nRuns terraform import under the lock.\n\nExamples:\n  terrace state import olechka/dev/eu-central-1/network/vpc aws_vpc.vpc vpc-0123456789abcdef0',
    )
    .action(async (unit: string, address: string, id: string, flags: AnswerFlags) => {
      const { runStateImport } = await import('../actions/state-answer');
      await runStateImport(context, unit, address, id, flags);
    });
  state
    .command('absent')
    .description('Confirm that resources which terraform was creating when it died do not exist.')
    .argument('<unit>', unitSyntax)
    .argument('<addresses...>', 'addresses, as `terrace status` names them')
    .option('--tree <folder>', treeText)
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      '\nLook for them first: a resource that exists and is in no state will be created a second time.\n\nExamples:\n  terrace state absent olechka/dev/eu-central-1/network/vpc aws_vpc.vpc',
    )
    .action(async (unit: string, addresses: string[], flags: AnswerFlags) => {
      const { runStateAbsent } = await import('../actions/state-answer');
      await runStateAbsent(context, unit, addresses, flags);
    });
}

function registerForgetting(state: Command, context: CommandContext): void {
  locking(
    state
      .command('forget-reader')
      .description('Forget a reader whose environment is gone, so that what it read can be changed and destroyed again.')
      .argument('<reader>', `the unit that E6050 names: ${unitSyntax}`)
      .option('--of <unit>', 'the unit that it reads (default: every unit that its record names)')
      .option('--policy-ref <commit>', 'the protected branch (default: that of the remote)')
      .option('--confirm <reader>', "the reader's path, as confirmation (on a terminal, it is asked for)"),
  )
    .addHelpText(
      'after',
      `
Only for a reader whose whole environment has left the protected branch: anything else can still be planned or destroyed (E6092). Needs
credentials that may write the records of both environments. The next bundle of what was read says who forgot the reader, as a critical
finding that needs one more approver than usual. What the reader's state holds still exists. If its environment comes back to the source,
the reader counts again, and its next apply writes its record anew. If it is killed, run the same command again to finish.

Examples:
  terrace state forget-reader shop/dev/eu-central-1/web/site
  terrace state forget-reader shop/dev/eu-central-1/web/site --of hub/production/eu-central-1/dns/zone --confirm shop/dev/eu-central-1/web/site`,
    )
    .action(async (reader: string, flags: Pointed & ForgetReaderFlags) => {
      const { runForgetReader } = await import('../actions/forget-reader');
      await runForgetReader(onTree(context, flags.tree), reader, flags);
    });
}

function locking(command: Command): Command {
  return command
    .option('--lock-timeout <time>', 'how long to wait for a held lock, such as 20s')
    .option('--tree <folder>', treeText)
    .option('--json', 'print as JSON');
}
