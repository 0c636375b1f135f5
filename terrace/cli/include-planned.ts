import type { Command } from 'commander';

import { includePlannedFlag } from '../model/planned';

/** Commands that read the source, a tree or a bundle; the others have no units. */
const readers = new Set([
  'affected',
  'apply',
  'backend',
  'deploy',
  'diagram',
  'drift',
  'explain',
  'graph',
  'handover',
  'iam',
  'list',
  'lock',
  'plan',
  'sandbox env',
  'start',
  'state',
  'status',
  'synth',
]);

let included = false;

/** Whether this command line includes planned environments. */
export function includesPlanned(): boolean {
  return included;
}

/** Gives every command that reads units the flag, and remembers it for the command that runs. */
export function acceptIncludePlanned(root: Command): void {
  for (const command of root.commands) accept(command, command.name(), readers.has(command.name()));
  root.hook('preAction', (_root, command) => {
    included = command.opts()['includePlanned'] === true;
  });
}

function accept(command: Command, name: string, reads: boolean): void {
  if (command.commands.length > 0)
    for (const sub of command.commands) accept(sub, `${name} ${sub.name()}`, reads || readers.has(`${name} ${sub.name()}`));
  else if (reads) command.option(includePlannedFlag, 'with the environments that are described and not built yet');
}
