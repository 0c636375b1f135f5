import { sandboxOf } from '../../../base/sandbox-shell';
import { TerraceError } from '../../../base/errors';
import type { Caller } from './context';
import { isMarkedBy } from './private-mark';

/**
 * Refuses a terraform that is not in this sandbox's shell: a `TF_REATTACH_PROVIDERS` left over would write what does not exist into a real
 * state. Where the operating system does not tell who asks, nothing can be said. Raises E5310.
 */
export function refuseForeignCaller(caller: Caller, provider: string, sandboxId: string): void {
  if (!caller.known || sandboxOf(caller.environment) === sandboxId) return;
  throw new TerraceError({
    code: 'E5310',
    title: 'simulated provider outside its sandbox',
    place: provider,
    found: `the process that asks is not in the shell of sandbox ${sandboxId}: TF_REATTACH_PROVIDERS is left over from one that was`,
    todo: 'unset TF_REATTACH_PROVIDERS, or enter the sandbox: eval "$(npx --no terrace sandbox env)"',
  });
}

/** Refuses a resource of a state that this sandbox did not make: it exists elsewhere, or nowhere. Raises E5314. */
export function refuseForeignState(mark: Uint8Array, type: string, sandboxId: string): void {
  if (isMarkedBy(mark, sandboxId)) return;
  throw new TerraceError({
    code: 'E5314',
    title: 'state from outside the sandbox',
    place: type,
    found: `the state holds a ${type} that sandbox ${sandboxId} did not make`,
    expected: `the mark that each resource of this sandbox has`,
    todo: 'nothing was changed: leave the sandbox to work with this state (eval "$(npx --no terrace sandbox env --unset)"), or use a state of the sandbox',
  });
}
