import type { Command } from 'commander';

import type { CommandContext } from '../command-context';
import type { FolderFlags } from '../actions/sandbox';
import type { AddFlags, ListFlags } from '../actions/sandbox-cloud';
import type { ExecFlags } from '../actions/sandbox-exec';
import type { FaultFlags } from '../actions/sandbox-fault';
import type { SchemaFlags } from '../actions/sandbox-schema';

/** Adds `schema`, `cloud`, `fault` and `exec` to the sandbox command. */
export function registerOn(sandbox: Command, context: CommandContext): void {
  const folder = (command: Command): Command =>
    command.option('--dir <folder>', "the sandbox's folder (default: that of this shell, or .sandbox in the project)");

  sandbox
    .command('schema [type]')
    .description('Print the schema of a type, as the sandbox derives it from the installed bindings, or compare it with the real schema.')
    .option('--data', 'the data source of that name, not the resource')
    .option('--compare <file>', 'list the differences from a file made by terraform providers schema -json')
    .option('--json', 'print it in the format of terraform providers schema -json')
    .addHelpText(
      'after',
      '\nExamples:\n  npx --no terrace sandbox schema aws_vpc\n  npx --no terrace sandbox schema aws_availability_zones --data --json\n  npx --no terrace sandbox schema --compare real.json',
    )
    .action(async (type: string | undefined, flags: SchemaFlags) => {
      const { printSchema } = await import('../actions/sandbox-schema');
      printSchema(context, type, flags);
    });

  registerCloud(sandbox, folder, context);
  registerFaults(sandbox, folder, context);

  folder(
    sandbox
      .command('exec')
      .description('Run a command in the sandbox, in this folder: plain terraform on any HCL, terraform test, or terragrunt.'),
  )
    .argument('<command...>', 'the command to run, after --')
    .option('--mirror', 'let terraform install and start the providers from the mirror, in a copy of this folder under .sandbox/runs')
    .option('--account <id>', 'account of the ambient key, 12 digits')
    .passThroughOptions()
    .addHelpText(
      'after',
      '\nExamples:\n  npx --no terrace sandbox exec -- terraform plan\n  npx --no terrace sandbox exec --mirror -- sh -c \'terraform providers lock -fs-mirror="$TERRACE_SANDBOX_DIR/mirror"\'',
    )
    .action(async (command: readonly string[], flags: ExecFlags) => {
      const { runExec } = await import('../actions/sandbox-exec');
      await runExec(context, command, flags);
    });
}

function registerCloud(sandbox: Command, folder: (command: Command) => Command, context: CommandContext): void {
  const cloud = sandbox.command('cloud').description('Inspect simulated resources, and change them behind terraform’s back.');
  folder(cloud.command('list').description('List simulated resources, oldest first.'))
    .option('--provider <name>', 'only resources of this provider')
    .option('--type <type>', 'only resources of this type')
    .option('--made-up', 'only resources with values that nothing tells, with the names of those attributes')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  npx --no terrace sandbox cloud list --type aws_subnet\n  npx --no terrace sandbox cloud list --made-up',
    )
    .action(async (flags: ListFlags) => {
      const { listCloud } = await import('../actions/sandbox-cloud');
      listCloud(context, flags);
    });
  folder(cloud.command('show <resource>').description('Print one resource, given by its key, id, ARN or type:name.'))
    .addHelpText(
      'after',
      '\nExamples:\n  npx --no terrace sandbox cloud show vpc-0123456789abcdef0\n  npx --no terrace sandbox cloud show aws_iam_role:deploy',
    )
    .action(async (resource: string, flags: FolderFlags) => {
      const { showCloud } = await import('../actions/sandbox-cloud');
      showCloud(context, resource, flags);
    });
  folder(
    cloud
      .command('edit <resource> <changes...>')
      .description('Set attributes behind terraform’s back: the next plan shows drift. Values are JSON or plain text.'),
  )
    .addHelpText(
      'after',
      '\nExamples:\n  npx --no terrace sandbox cloud edit vpc-0123456789abcdef0 enable_dns_support=false\n  npx --no terrace sandbox cloud edit aws_iam_role:deploy \'tags={"Owner":"me"}\'',
    )
    .action(async (resource: string, changes: readonly string[], flags: FolderFlags) => {
      const { editCloud } = await import('../actions/sandbox-cloud');
      editCloud(context, resource, changes, flags);
    });
  folder(
    cloud
      .command('break <resource>')
      .description('Remove a resource, and what came with it, behind terraform’s back: the next plan wants to create it.'),
  )
    .addHelpText('after', '\nExamples:\n  npx --no terrace sandbox cloud break subnet-0123456789abcdef0')
    .action(async (resource: string, flags: FolderFlags) => {
      const { breakCloud } = await import('../actions/sandbox-cloud');
      breakCloud(context, resource, flags);
    });
  folder(
    cloud
      .command('add <type> [values...]')
      .description('Create a resource that no configuration creates, for data sources to find. Values are JSON or plain text.'),
  )
    .option('--account <id>', 'account, subscription, project or owner')
    .option('--region <region>', 'region (default: eu-central-1 for aws)')
    .addHelpText(
      'after',
      '\nExamples:\n  npx --no terrace sandbox cloud add aws_ami name=golden-1 architecture=arm64\n  npx --no terrace sandbox cloud add aws_cloudformation_export name=vpc value=vpc-1',
    )
    .action(async (type: string, values: readonly string[], flags: AddFlags) => {
      const { addToCloud } = await import('../actions/sandbox-cloud');
      await addToCloud(context, type, values, flags);
    });
  folder(
    cloud
      .command('load <file>')
      .description('Create the resources listed in a file: a list, the output of cloud list --json, or a terraform state.'),
  )
    .option('--account <id>', 'account, subscription, project or owner of resources that name none')
    .option('--region <region>', 'region of resources that name none')
    .addHelpText('after', '\nExamples:\n  npx --no terrace sandbox cloud load shared-network.json')
    .action(async (file: string, flags: AddFlags) => {
      const { loadCloud } = await import('../actions/sandbox-cloud');
      await loadCloud(context, file, flags);
    });
  folder(cloud.command('events').description('Print what was created, updated and deleted, in order.'))
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExamples:\n  npx --no terrace sandbox cloud events')
    .action(async (flags: FolderFlags & { readonly json?: boolean }) => {
      const { printEvents } = await import('../actions/sandbox-cloud');
      printEvents(context, flags);
    });
}

function registerFaults(sandbox: Command, folder: (command: Command) => Command, context: CommandContext): void {
  const fault = sandbox
    .command('fault')
    .description(
      'Inject faults into simulated resources and services: errors, delays, timeouts, and resources that are only half created.',
    );
  folder(
    fault
      .command('add')
      .description('Add a fault: what it affects, at which operation, and how.')
      .argument('<target>', 'a type, an address of the configuration in this folder, or s3, dynamodb or sts')
      .argument('<operation>', 'create, read, update or delete; for a service PUT, PutItem, AssumeRole and the like, or any')
      .argument(
        '<kind>',
        'error, delay, timeout or partial; for a service status, empty, foreign, truncated, reset-before, reset-after, delay, throttle, clock, expired',
      ),
  )
    .option('--times <n>', 'how many times it occurs, or "always"', '1')
    .option('--message <text>', 'the answer: throttling, access-denied, quota, dependency-violation, or any text', 'throttling')
    .option('--seconds <n>', 'how long delay and timeout take', '5')
    .option('--status <code>', 'for a service: the HTTP status of `status`')
    .option('--skip <n>', 'for a service: how many requests pass first')
    .option('--match <text>', "for a service: text that the request's address or body contains")
    .option('--folder <folder>', 'folder in which an address is looked up (default: this one)')
    .addHelpText(
      'after',
      '\nExamples:\n  npx --no terrace sandbox fault add aws_vpc create error --message quota\n  npx --no terrace sandbox fault add aws_subnet.public update partial --times 2\n  npx --no terrace sandbox fault add aws_security_group delete error --message dependency-violation --times always\n  npx --no terrace sandbox fault add s3 PUT reset-after --match terraform.tfstate\n  npx --no terrace sandbox fault add dynamodb PutItem throttle --times 3',
    )
    .action(async (target: string, operation: string, kind: string, flags: FaultFlags) => {
      const { addFault } = await import('../actions/sandbox-fault');
      await addFault(context, target, operation, kind, flags);
    });
  folder(fault.command('list').description('List the faults that are still active.'))
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExamples:\n  npx --no terrace sandbox fault list --json')
    .action(async (flags: FolderFlags & { readonly json?: boolean }) => {
      const { listFaults } = await import('../actions/sandbox-fault');
      listFaults(context, flags);
    });
  folder(fault.command('clear [id]').description('Remove one fault, or all.'))
    .addHelpText('after', '\nExamples:\n  npx --no terrace sandbox fault clear\n  npx --no terrace sandbox fault clear 3')
    .action(async (id: string | undefined, flags: FolderFlags) => {
      const { clearFaults } = await import('../actions/sandbox-fault');
      clearFaults(context, id, flags);
    });
}
