import { createRequire, Module } from 'node:module';

/**
 * Has cdktf loaded without the packer of its archives, which Terrace replaces (assets.ts): half of the time of loading cdktf goes into it, in every
 * synthesis. Imported before anything of cdktf; a version of cdktf that packs in another way loads as it is.
 */
function skipArchiver(): void {
  let file: string;
  try {
    file = createRequire(require.resolve('cdktf')).resolve('archiver');
  } catch {
    return;
  }
  if (require.cache[file] !== undefined) return;
  const placeholder = new Module(file);
  placeholder.loaded = true;
  placeholder.exports = () => {
    throw new Error('cdktf packs an archive of its own: adapt terrace/tree/without-archiver.ts to this version of cdktf');
  };
  require.cache[file] = placeholder;
}

skipArchiver();
