import { unitPaths } from '../delivery/bundle/bundle';
import type { VerifiedBundle } from '../delivery/bundle/verify';
import { maskedDigest } from '../delivery/masking/marker';

import type { ReviewSource } from './model/build';
import { parsePlan } from '../terraform/plan-json';
import type { SourceChange } from './source/source-change';

/** What a review needs, from a bundle whose bytes were verified; reads nothing else and needs no key. Raises E7001. */
export function reviewSource(
  { bundle, content }: VerifiedBundle,
  compared: Partial<Pick<SourceChange, 'lockedVersions' | 'terraform'>> = {},
): ReviewSource {
  const decoder = new TextDecoder();
  return {
    bundle: {
      place: content.place,
      hash: content.hash,
      commit: bundle.commit,
      dirty: bundle.dirty,
      round: bundle.round,
      createdAt: bundle.createdAt,
      expiresAt: bundle.expiresAt,
      terraform: `${bundle.terraform.name} ${bundle.terraform.version}`,
      authors: bundle.authors,
    },
    units: bundle.units.map((entry) => {
      const { masked } = unitPaths(entry.unit.path);
      return {
        path: entry.unit.path,
        plan: parsePlan(decoder.decode(content.files.get(masked)), `${content.place}/${masked}`),
        destroys: entry.operation === 'destroy',
        after: entry.after,
        mocks: entry.mocks.map(({ unit, output, local }) => ({ unit, output, reference: local })),
        account: entry.environment.stateAccount,
        reads: entry.unit.dependencies,
      };
    }),
    absent: [
      ...bundle.deferred.map(({ unit, reason, upstream, outputs, source: preview }) => ({
        path: unit,
        status: 'deferred' as const,
        reason,
        after: [upstream],
        reads: [{ unit: upstream, outputs }],
        ...(preview === undefined
          ? {}
          : {
              source: {
                how: preview.how,
                ...(preview.masked === null ? {} : { plan: parsePlan(decoder.decode(content.files.get(unitPaths(unit).masked)), unit) }),
              },
            }),
      })),
      ...bundle.failed.map(({ unit, error }) => ({ path: unit, status: 'failed' as const, reason: error, after: [] })),
    ],
    source: { files: bundle.rules?.files ?? [], lockedVersions: [], remarks: bundle.remarks ?? [], ...compared },
    readMarker: maskedDigest,
  };
}
