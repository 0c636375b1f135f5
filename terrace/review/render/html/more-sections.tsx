import type { PolicyResult, ReviewedUnit } from '../../model/review';
import type { CostEstimate } from '../../source/infracost';
import type { Reverse, Reversed } from '../../model/reverse';
import { plural } from '../words';
import { visible } from '../value-text';

import { AttributeRows } from './attribute-rows';

/** What the refresh found changed outside terraform. */
export function DriftSection({ units }: { readonly units: readonly ReviewedUnit[] }) {
  return (
    <>
      {units.flatMap((unit) =>
        unit.drift.map((drift) => (
          <details class="ch a-update" id={`d-${drift.id}`}>
            <summary>
              <span class="ad">
                <span class="ty">{unit.path} › </span>
                <b>{visible(drift.address)}</b>
              </span>
              <span class="chips">
                <span class="chip w">{drift.action === 'gone' ? 'no longer exists' : plural(drift.attributes.length, 'attribute')}</span>
                {drift.relevant && <span class="chip">the plan uses it</span>}
              </span>
            </summary>
            <div class="body">
              {drift.attributes.length > 0 ? (
                <AttributeRows changes={drift.attributes} label={`Drift of ${drift.address}`} />
              ) : (
                <p>It was deleted outside terraform.</p>
              )}
            </div>
          </details>
        )),
      )}
    </>
  );
}

/** Outputs that change, and the units that read them. */
export function OutputsSection({ units }: { readonly units: readonly ReviewedUnit[] }) {
  return (
    <>
      {units
        .filter(({ outputs }) => outputs.length > 0)
        .map((unit) => (
          <div class="out">
            <h3>{unit.path}</h3>
            <AttributeRows changes={unit.outputs.map(({ change }) => change)} label={`Outputs of ${unit.path}`} />
            {unit.outputs.some(({ consumers }) => consumers.length > 0) && (
              <ul class="cons">
                {unit.outputs
                  .filter(({ consumers }) => consumers.length > 0)
                  .map(({ name, consumers }) => (
                    <li>
                      <code>{visible(name)}</code> is read by {consumers.join(', ')}
                    </li>
                  ))}
              </ul>
            )}
          </div>
        ))}
    </>
  );
}

const shownReversed = 12;

interface ReversedRow {
  readonly first: Reversed;
  readonly units: readonly string[];
}

/** The same address in several units of one name stands once. */
function rowsOf(list: readonly Reversed[]): readonly ReversedRow[] {
  const rows = new Map<string, { first: Reversed; units: string[] }>();
  for (const one of list) {
    const key = `${one.unit.split('/').slice(3).join('/')} ${one.address}`;
    const row = rows.get(key);
    if (row === undefined) rows.set(key, { first: one, units: [one.unit] });
    else row.units.push(one.unit);
  }
  return [...rows.values()].toSorted((a, b) => Number(b.first.stateful) - Number(a.first.stateful));
}

function ReversedItem({ row: { first, units } }: { readonly row: ReversedRow }) {
  return (
    <li>
      <a href={`#c-${first.change}`}>
        <code>{visible(first.address)}</code>
      </a>
      {first.stateful && <span class="chip w">holds data</span>}
      <span class="un">
        {units[0]}
        {units.length > 1 && ` and ${plural(units.length - 1, 'other unit')}`}
      </span>
    </li>
  );
}

function ReversedList({ list }: { readonly list: readonly Reversed[] }) {
  const rows = rowsOf(list);
  return (
    <>
      <ul class="rev">
        {rows.slice(0, shownReversed).map((row) => (
          <ReversedItem row={row} />
        ))}
      </ul>
      {rows.length > shownReversed && (
        <details class="more">
          <summary>{plural(rows.length - shownReversed, 'more resource')}</summary>
          <ul class="rev">
            {rows.slice(shownReversed).map((row) => (
              <ReversedItem row={row} />
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

/** What going back to the former commit would destroy, replace or bring back empty. */
export function ReverseSection({ reverse }: { readonly reverse: Reverse }) {
  return (
    <div class="back">
      {reverse.destroyed.length > 0 && (
        <div>
          <h3>Destroyed again ({reverse.destroyed.length.toLocaleString('en')})</h3>
          <p>Created by this change; rolling back destroys them with what they hold by then.</p>
          <ReversedList list={reverse.destroyed} />
        </div>
      )}
      {reverse.replaced.length > 0 && (
        <div>
          <h3>Replaced once more ({reverse.replaced.length.toLocaleString('en')})</h3>
          <p>The former ones do not come back; new ones are made.</p>
          <ReversedList list={reverse.replaced} />
        </div>
      )}
      {reverse.emptied.length > 0 && (
        <div>
          <h3>Created again, but empty ({reverse.emptied.length.toLocaleString('en')})</h3>
          <p>Destroyed by this change; rolling back does not restore their content.</p>
          <ReversedList list={reverse.emptied} />
        </div>
      )}
    </div>
  );
}

export function PoliciesSection({ policies }: { readonly policies: readonly PolicyResult[] }) {
  if (policies.length === 0) return <p class="none">All policies pass.</p>;
  return (
    <ul class="pol">
      {policies.map((one) => (
        <li>
          <span class={`sv ${one.severity === 'deny' ? 's-critical' : 's-medium'}`}>{one.severity === 'deny' ? 'refuses' : 'warns'}</span>{' '}
          <strong>{one.policy}</strong>: {visible(one.message)}{' '}
          <span class="un">
            {[one.unit, one.address]
              .filter((part) => part !== undefined)
              .map((part) => visible(part))
              .join(' › ')}
          </span>
          <span class="ex">{one.explain}</span>
        </li>
      ))}
    </ul>
  );
}

function money(amount: number | null, currency: string, sign = false): string {
  if (amount === null) return 'not known';
  return `${sign && amount > 0 ? '+' : ''}${amount.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })} ${currency}`;
}

export function CostsSection({ costs }: { readonly costs: CostEstimate }) {
  return (
    <table class="ut cost">
      <thead>
        <tr>
          <th scope="col">a month, by Infracost</th>
          <th scope="col" class="num">
            difference
          </th>
        </tr>
      </thead>
      <tbody>
        {costs.units.map(({ name, difference }) => (
          <tr>
            <th scope="row">{visible(name)}</th>
            <td class="num">{money(difference, costs.currency, true)}</td>
          </tr>
        ))}
        <tr class="sum">
          <th scope="row">
            together, from {money(costs.before, costs.currency)} to {money(costs.after, costs.currency)}
          </th>
          <td class="num">{money(costs.difference, costs.currency, true)}</td>
        </tr>
      </tbody>
    </table>
  );
}
