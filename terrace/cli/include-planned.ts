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
  'rehearse',
  'sandbox env',
  'start',
  'state',
  'status',
  'synth',
]);

/** Gives every command that reads units the flag; what it says is a value of the command's context, made from the same words. */
export function acceptIncludePlanned(root: Command): void {
  for (const command of root.commands) accept(command, command.name(), readers.has(command.name()));
}

function accept(command: Command, name: string, reads: boolean): void {
  if (command.commands.length > 0)
    for (const sub of command.commands) accept(sub, `${name} ${sub.name()}`, reads || readers.has(`${name} ${sub.name()}`));
  else if (reads) command.option(includePlannedFlag, 'include planned environments: described but not built yet');
}
