import { findProject } from '../base/project-root';

import { report } from './command-line';
import { loadProject, sourceRevision } from './project';

/** What `cdktf synth|deploy|…` runs (cdktf.json "app"): synthesizes every system of the working directory's project. */
export async function main(): Promise<void> {
  try {
    const root = findProject(process.cwd());
    const { runCdktfApp } = await import('../synth/cdktf-app');
    await runCdktfApp(loadProject(root), root, sourceRevision(root));
  } catch (error) {
    process.exitCode = report(error);
  }
}
