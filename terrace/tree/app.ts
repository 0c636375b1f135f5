import { messageOf } from '../base/message';
import { sourceLineOf } from '../base/source-line';
import { whileSourceIsClosed } from './closed-source';
import { keepStacksVariable } from './stack-trace';
import './assets';
import './expressions';

// oxlint-disable-next-line import/first -- stack-trace has to be loaded before cdktf
import { App, type TerraformStack } from 'cdktf';

import { TerraceError, type Problem } from '../base/errors';

/** Thrown by a unit whose dependency could not be built; the reason is already among the app's problems. */
export class UnitUnavailable extends Error {}

/**
 * The cdktf app of a tree. Collects problems while the tree is built, so that all of them are reported at once, and
 * refuses references between stacks that no `dependency()` declared.
 */
export class TreeApp extends App {
  readonly #problems = new Map<string, Problem>();
  /** Paths of the units under construction, outermost first: a unit that asks for one of them closes a cycle. */
  readonly building: string[] = [];

  readonly #systems = new Map<(app: TreeApp) => unknown, unknown>();

  /** What a system's function builds; once for each function, so that whoever asks for a system of the repository gets the same one. */
  systemOf<S>(define: (app: TreeApp) => S): S {
    if (!this.#systems.has(define)) this.#systems.set(define, define(this));
    return this.#systems.get(define) as S;
  }

  /** Problems found so far, each once. */
  get problems(): readonly Problem[] {
    return [...this.#problems.values()];
  }

  report(problem: Problem): void {
    this.#problems.set(JSON.stringify(problem), problem);
  }

  /** Runs one step of building; a coded error becomes a reported problem. Gives undefined where the step failed. */
  attempt<T>(step: () => T, describe: (error: unknown) => Problem): T | undefined {
    try {
      return step();
    } catch (error) {
      if (error instanceof UnitUnavailable) return undefined;
      if (error instanceof TerraceError) for (const problem of error.problems) this.report(problem);
      else {
        if (process.env['TERRACE_DEBUG'] !== undefined) process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
        this.report(describe(error));
      }
      return undefined;
    }
  }

  /**
   * Synthesizes some of the stacks into the app's folder. What cdktf refuses becomes a reported problem of that stack.
   */
  synthesizeStacks(stacks: readonly TerraformStack[]): void {
    const session = { outdir: this.outdir, skipValidation: this.skipValidation, manifest: this.manifest };
    whileSourceIsClosed(() => {
      for (const stack of stacks)
        this.attempt(
          () => {
            stack.prepareStack();
            stack.synthesizer.synthesize(session);
          },
          (error) => ({
            code: 'E3101',
            title: 'unit cannot be synthesized',
            place: stack.node.id,
            found: `${lineBefore(error)}${messageOf(error)}`,
            todo: `correct the unit; ${keepStacksVariable}=1 shows where a token was created`,
          }),
        );
    });
    this.manifest.writeToFile();
  }

  override crossStackReference(from: TerraformStack, to: TerraformStack, identifier: string): string {
    this.report({
      code: 'E1301',
      title: 'undeclared reference between units',
      place: to.node.id,
      found: `it uses ${identifier} of ${from.node.id}`,
      expected: 'a declared output, read through this.dependency(unit)',
      todo: `declare an output in ${from.node.id} and read it with dependency() in ${to.node.id}`,
    });
    return identifier;
  }
}

/** `stacks/shop/units/app/web.ts:12: `, where the error comes from the project's own code. */
function lineBefore(error: unknown): string {
  const line = sourceLineOf(error instanceof Error ? error.stack : undefined);
  return line === undefined ? '' : `${line.text}: `;
}
