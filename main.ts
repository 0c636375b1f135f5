import { projectRoot } from './terrace/base/project-root';
import type { Project } from './terrace/tree/project';

/** The systems of this repository, each loaded only when it is selected. */
export const project: Project = {
  systems: {
    olechka: async () => (await import('./stacks/olechka/system')).olechka,
    tux: async () => (await import('./stacks/tux/system')).tux,
  },
};

/** What `cdktf` runs: synthesizes every system. */
export async function main(): Promise<void> {
  const { runCdktfApp } = await import('./terrace/synth/cdktf-app');
  const { sourceRevision } = await import('./terrace/cli/project');
  const { report } = await import('./terrace/cli/main');
  try {
    const root = projectRoot();
    await runCdktfApp(project, root, sourceRevision(root));
  } catch (error) {
    process.exitCode = report(error);
  }
}
