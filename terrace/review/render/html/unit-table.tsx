import type { Finding, Severity } from '../../findings/finding';
import { severities } from '../../findings/finding';
import type { ReviewedUnit } from '../../model/review';
import { absentText, isStill, unitNotes } from '../unit-notes';
import { visible } from '../value-text';

const columns = [
  ['delete', 'destroy'],
  ['replace', 'replace'],
  ['update', 'change'],
  ['create', 'create'],
] as const;

function Worst({ findings }: { readonly findings: readonly Finding[] }) {
  const counts = severities
    .map((severity) => [severity, findings.filter((one) => one.severity === severity).length] as const)
    .filter(([, count]) => count > 0);
  return (
    <>
      {counts.slice(0, 3).map(([severity, count]: readonly [Severity, number]) => (
        <span class={`sv s-${severity}`}>
          {count} {severity}
        </span>
      ))}
    </>
  );
}

function within(units: readonly ReviewedUnit[], place: string): readonly ReviewedUnit[] {
  return units.filter(({ system, environment, region }) => `${system}/${environment}/${region}` === place);
}

/** Units without changes, in one row. */
function StillRow({ units }: { readonly units: readonly ReviewedUnit[] }) {
  if (units.length === 0) return null;
  return (
    <tr class="unchanged">
      <td class="mo" colSpan={7}>
        no changes in {visible(units.map(({ name }) => name).join(', '))}
      </td>
    </tr>
  );
}

/** Units by system, environment and region, with what happens in each. */
export function UnitTable({
  units,
  findings,
  links,
}: {
  readonly units: readonly ReviewedUnit[];
  readonly findings: readonly Finding[];
  readonly links: ReadonlyMap<string, string>;
}) {
  const places = [...new Set(units.map(({ system, environment, region }) => `${system}/${environment}/${region}`))].toSorted();
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Units">
      <table class="ut">
        <thead>
          <tr>
            <th scope="col">unit</th>
            {columns.map(([, word]) => (
              <th scope="col" class="num">
                {word}
              </th>
            ))}
            <th scope="col">more</th>
            <th scope="col">findings</th>
          </tr>
        </thead>
        {places.map((place) => (
          <tbody>
            <tr class="pl">
              <th scope="rowgroup" colSpan={7}>
                {place}
              </th>
            </tr>
            {within(units, place)
              .filter((unit) => !isStill(unit))
              .map((unit) => {
                const link = links.get(unit.path);
                return (
                  <tr class={unit.status}>
                    <th scope="row">
                      {link === undefined ? (
                        visible(unit.name)
                      ) : (
                        <a href={`#${link}`} data-unit={unit.path}>
                          {visible(unit.name)}
                        </a>
                      )}
                    </th>
                    {unit.status === 'deferred' || unit.status === 'failed' ? (
                      <td colSpan={6}>
                        <span class={`chip ${unit.status}`}>{unit.status}</span> {absentText(unit)}
                      </td>
                    ) : (
                      <>
                        {columns.map(([name, says]) => (
                          <td class={`num ${unit.counts[name] > 0 ? `n-${name}` : 'z'}`} data-w={`to ${says}`}>
                            {unit.counts[name] > 0 ? unit.counts[name].toLocaleString('en') : '·'}
                          </td>
                        ))}
                        <td class="mo">
                          {[unit.status === 'unchanged' ? 'no changes' : '', unitNotes(unit)].filter((text) => text !== '').join(', ')}
                        </td>
                      </>
                    )}
                    {unit.status !== 'deferred' && unit.status !== 'failed' && (
                      <td class="fs">
                        <Worst findings={findings.filter((one) => one.unit === unit.path)} />
                      </td>
                    )}
                  </tr>
                );
              })}
            <StillRow units={within(units, place).filter(isStill)} />
          </tbody>
        ))}
      </table>
    </div>
  );
}
