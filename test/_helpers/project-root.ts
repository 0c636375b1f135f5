import { findProject } from '../../terrace/base/project-root';

/** The folder of this repository's project. */
export const projectRoot = findProject(__dirname);
