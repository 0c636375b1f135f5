import type { Finding } from '../../findings/finding';
import type { ChangeGroup } from '../../model/review';
import { findingsByRule, placesByReason, type FindingPlace } from '../finding-groups';
import { plural } from '../words';
import { visible } from '../value-text';

/** Places beyond this many are folded. */
const shownPlaces = 6;

/** One place: the resource, linked to its change, and its units. */
function PlaceItem({ place }: { readonly place: FindingPlace }) {
  const { finding, units, card } = place;
  return (
    <span class="at-place" id={`f-${finding.id}`}>
      {finding.address === undefined ? null : card === undefined ? (
        <code>{visible(finding.address)}</code>
      ) : (
        <a href={`#c-${card}`}>
          <code>{visible(finding.address)}</code>
        </a>
      )}
      {finding.source !== undefined && <code class="un">{visible(finding.source)}</code>}
      {units.length === 1 && <span class="un">{units[0]}</span>}
      {units.length > 1 && (
        <span class="un" title={units.join('\n')}>
          {units[0]} and {plural(units.length - 1, 'other unit')}
        </span>
      )}
    </span>
  );
}

/** Places with the same reason stand under it. */
function Reasons({ places }: { readonly places: readonly FindingPlace[] }) {
  return (
    <ul>
      {placesByReason(places).map(([reason, same]) => (
        <li>
          <span class="rs">{visible(reason)}</span>
          {same.map((place) => (
            <PlaceItem place={place} />
          ))}
        </li>
      ))}
    </ul>
  );
}

/** What a person should decide about knowingly, the worst first. */
export function FindingsList({ findings, groups }: { readonly findings: readonly Finding[]; readonly groups: readonly ChangeGroup[] }) {
  if (findings.length === 0) return <p class="none">Nothing that the rules call dangerous. What the change does is below.</p>;
  return (
    <div class="fnd">
      {findingsByRule(findings, groups).map(({ finding, places }) => (
        <article class={`f s-${finding.severity}`}>
          <h3>
            <span class={`sv s-${finding.severity}`}>{finding.severity}</span> {finding.title}
            {places.length > 1 && <span class="n">{places.length}</span>}
          </h3>
          <Reasons places={places.slice(0, shownPlaces)} />
          {places.length > shownPlaces && (
            <details class="more">
              <summary>{plural(places.length - shownPlaces, 'more place')}</summary>
              <Reasons places={places.slice(shownPlaces)} />
            </details>
          )}
          <p class="ex">
            {finding.explain}{' '}
            <a class="rl" href={`#!finding=${finding.rule}`}>
              {finding.rule}
            </a>
          </p>
        </article>
      ))}
    </div>
  );
}
