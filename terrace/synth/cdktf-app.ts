import path from 'node:path';

import type { Project } from '../tree/project';

/**
 * What `cdktf synth|deploy|…` runs: a whole synthesis into the folder that cdktf-cli reads and into `live/`.
 * The same as `terrace synth` without selectors.
 */
export async function runCdktfApp(
  project: Project,
  root: string,
  revision: { readonly commit: string | null; readonly dirty: boolean },
): Promise<void> {
  const { synthesizeProject } = await import('./synthesize');
  const cdktfOut = path.resolve(root, process.env['CDKTF_OUTDIR'] ?? 'cdktf.out');
  await synthesizeProject(project, { root, selectors: [], out: path.join(root, 'live'), cdktfOut, ...revision });
}
