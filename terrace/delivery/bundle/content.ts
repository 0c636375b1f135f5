import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

import { sha256 } from '../../base/canonical';
import type { TerraceError } from '../../base/errors';
import { failed, refused } from '../problems';
import { messageOf } from '../../base/message';

import { readArchive } from './archive';
import { bundleFile } from './bundle';

/** A bundle's bytes as they are, before anything in them is believed. */
export interface BundleContent {
  /** Folder or archive it was read from. */
  readonly place: string;
  /** SHA-256 of `bundle.json`: what was reviewed, approved and is applied. */
  readonly hash: string;
  /** Every file by its path with `/`, `bundle.json` among them. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** Reads a bundle's folder or archive (`.tar.gz`). Raises E6001 where there is none, E6080 for a link in it, E6004 for an archive of another shape. */
export async function readContent(place: string): Promise<BundleContent> {
  let isFolder: boolean;
  try {
    isFolder = statSync(place).isDirectory();
  } catch (cause) {
    throw failed(
      'E6001',
      { place, found: messageOf(cause, place), todo: 'pass the folder or archive that `terrace plan` wrote' },
      1,
      cause,
    );
  }
  // Before anything is read: the folder may be a whole project.
  if (isFolder && !existsSync(path.join(place, bundleFile))) throw noBundle(place);
  const files = isFolder ? readFolder(place) : await readArchive(place);
  return contentOf(place, files);
}

/** The content of files in memory. Raises E6001 where `bundle.json` is missing. */
export function contentOf(place: string, files: ReadonlyMap<string, Uint8Array>): BundleContent {
  const bytes = files.get(bundleFile);
  if (bytes === undefined) throw noBundle(place);
  return { place, hash: sha256(bytes), files };
}

function noBundle(place: string): TerraceError {
  const isProject = existsSync(path.join(place, 'cdktf.json'));
  return failed('E6001', {
    place,
    found: isProject ? 'this is a project, the source that bundles are made from' : `no ${bundleFile} in it`,
    todo: `pass the folder or archive that \`terrace plan\` wrote${isProject ? '; `terrace synth --check` compares the tree with its source' : ''}`,
  });
}

function readFolder(root: string): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const walk = (below: string): void => {
    for (const name of readdirSync(path.join(root, below)).toSorted()) {
      const relative = below === '' ? name : `${below}/${name}`;
      const stat = lstatSync(path.join(root, relative));
      if (stat.isDirectory()) walk(relative);
      else if (stat.isFile()) files.set(relative, readFileSync(path.join(root, relative)));
      else
        throw refused('E6080', {
          place: path.join(root, relative),
          found: 'neither a file nor a folder',
          todo: 'get the bundle again from where it was made',
        });
    }
  };
  walk('');
  return files;
}
