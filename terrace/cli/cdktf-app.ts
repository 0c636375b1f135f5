import path from 'node:path';

import { findProject } from '../base/project-root';

import { report } from './command-line';
import { liveRoot, sourceRevision, synthesizeApart } from './project';

/**
 * What `cdktf synth|deploy|…` runs (cdktf.json "app"): synthesizes every system of the working directory's project, as `terrace synth` does, into
 * the folder that cdktf-cli reads.
 */
export async function main(): Promise<void> {
  try {
    const root = findProject(process.cwd());
    await synthesizeApart({
      root,
      selectors: [],
      out: liveRoot(root),
      cdktfOut: path.resolve(root, process.env['CDKTF_OUTDIR'] ?? 'cdktf.out'),
      leaveOrphans: true,
      ...sourceRevision(root),
    });
  } catch (error) {
    process.exitCode = report(error);
  }
}
