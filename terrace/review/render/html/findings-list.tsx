import type { Finding } from '../../findings/finding';
import type { ChangeGroup } from '../../model/review';
import { plural } from '../words';
import { visible } from '../value-text';

/** Places beyond this many are folded. */
const shownPlaces = 6;

interface Place {
  readonly finding: Finding;
  readonly units: readonly string[];
  /** Id of the change's card. */
  readonly card?: string;
}

interface RuleGroup {
  readonly finding: Finding;
  readonly places: readonly Place[];
}

/** Findings of one rule and severity together, those of grouped changes once. */
function byRule(findings: readonly Finding[], groups: readonly ChangeGroup[]): readonly RuleGroup[] {
  const groupOf = new Map(groups.flatMap((group) => group.members.map(({ change }) => [change, group] as const)));
  const rules = new Map<string, Map<string, Place>>();
  for (const finding of findings) {
    const group = finding.change === undefined ? undefined : groupOf.get(finding.change);
    if (group !== undefined && finding.change !== group.id) continue;
    const places = rules.get(`${finding.severity} ${finding.rule}`) ?? new Map<string, Place>();
    rules.set(`${finding.severity} ${finding.rule}`, places);
    places.set(finding.id, {
      finding,
      units: group?.members.map(({ unit }) => unit) ?? (finding.unit === undefined ? [] : [finding.unit]),
      ...(group === undefined ? {} : { card: group.id }),
    });
  }
  return [...rules.values()].flatMap((places) => {
    const [first] = places.values();
    return first === undefined ? [] : [{ finding: first.finding, places: [...places.values()] }];
  });
}

/** One place: the resource, linked to its change, and its units. */
function PlaceItem({ place }: { readonly place: Place }) {
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
function Reasons({ places }: { readonly places: readonly Place[] }) {
  const reasons = new Map<string, Place[]>();
  for (const place of places) reasons.set(place.finding.reason, [...(reasons.get(place.finding.reason) ?? []), place]);
  return (
    <ul>
      {[...reasons].map(([reason, same]) => (
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
      {byRule(findings, groups).map(({ finding, places }) => (
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
