import path from 'node:path';

import { jsonText } from '../../base/visible';
import { readContent } from '../../delivery/bundle/content';
import { mergeBundles } from '../../delivery/bundle/merge';
import { emptyProblems, verifyContent } from '../../delivery/bundle/verify';
import { exitCodes, TerraceError } from '../../base/errors';
import { writeBundle } from '../../delivery/bundle/write';
import { bundleJson, bundleText } from '../../delivery/report/summary';
import { shownOn } from '../shown-on';

/** `terrace bundle show` */
export async function runShow(place: string, json: boolean): Promise<void> {
  const { bundle, content } = await verifyContent(await readContent(place));
  process.stdout.write(
    json ? `${jsonText(bundleJson(bundle, content.hash), 2)}\n` : `${bundleText(bundle, content.hash, shownOn(process.stdout))}\n`,
  );
}

/** `terrace bundle merge` */
export async function runMerge(places: readonly string[], out: string, json: boolean, allowEmpty: boolean): Promise<void> {
  const bundles = [];
  for (const place of places) bundles.push(await verifyContent(await readContent(place)));
  const merged = await verifyContent(mergeBundles(bundles, out));
  const empty = emptyProblems(merged.bundle);
  const isEmpty = empty.length > 0;
  if (isEmpty && (!allowEmpty || merged.bundle.failed.length > 0)) throw new TerraceError(empty, exitCodes.refused);
  if (!isEmpty) writeBundle(path.resolve(out), merged.content.files);
  process.stdout.write(
    json
      ? `${jsonText({ ...bundleJson(merged.bundle, merged.content.hash), place: isEmpty ? null : path.resolve(out) }, 2)}\n`
      : `${bundleText(merged.bundle, merged.content.hash, shownOn(process.stdout))}\n${isEmpty ? 'nothing to apply: no bundle was written\n' : ''}`,
  );
}

/** `terrace bundle pack` */
export async function runPack(place: string, out: string): Promise<void> {
  const { content } = await verifyContent(await readContent(place));
  writeBundle(path.resolve(out), content.files);
  process.stdout.write(`${content.hash}  ${out}\n`);
}
