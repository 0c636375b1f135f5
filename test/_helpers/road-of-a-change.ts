import path from 'node:path';

import { projectRoot } from './project-root';
import { run, succeeded, type Outcome } from './scratch-project';

/** The steps of the delivery's own test that take one change from plan to apply through the command line, deploy the rest and look for drift. */
const steps = 'plan, show, approve, verify and apply are five commands|deploy takes what is left|drift compares without writing';

/** Goes the road of a change with another Node, or with other programs in `env`. Throws with everything that was printed unless all of it passed. */
export async function roadOfAChange(node: string, env: NodeJS.ProcessEnv): Promise<Outcome> {
  const { TERRACE_TESTS: _, ...plain } = env;
  const jest = path.join(projectRoot, 'node_modules', 'jest', 'bin', 'jest.js');
  return succeeded(await run(node, [jest, 'test/e2e/delivery/cli', '-t', steps], { cwd: projectRoot, env: plain }));
}
