import type { Finding } from '../../findings/finding';
import { severities } from '../../findings/finding';
import type { ChangeGroup, ReviewedUnit } from '../../model/review';
import { shownAction, shownActions, symbols, verbs } from '../words';

/** Above this many changes of tags only (and reads), they start folded. */
const mostNoise = 8;

/** A choice, behind which the script writes how many changes it would show. */
function Option({ value, label }: { readonly value: string; readonly label: string }) {
  return (
    <option value={value} data-label={label}>
      {label}
    </option>
  );
}

/** The bar above the changes; works only with the page's script, which shows it. */
export function Filters({
  groups,
  findings,
  units,
}: {
  readonly groups: readonly ChangeGroup[];
  readonly findings: readonly Finding[];
  readonly units: readonly ReviewedUnit[];
}) {
  const actions = new Set(groups.map(({ change }) => shownAction(change)));
  const types = [...new Set(groups.map(({ change }) => change.type))].toSorted();
  const rules = [...new Map(groups.flatMap(({ findings: own }) => own).map(({ rule, title }) => [rule, title] as const))].toSorted(
    ([, a], [, b]) => (a < b ? -1 : 1),
  );
  const noise = groups.filter(({ change }) => change.noise || change.action === 'read').length;
  return (
    <form class="flt" id="flt" hidden>
      <label class="fx">
        <span class="sr">Filter by text</span>
        <input type="search" id="q" placeholder="Filter by text  ( / )" autocomplete="off" spellcheck={false} />
      </label>
      <fieldset>
        <legend class="sr">Actions</legend>
        {shownActions
          .filter((action) => actions.has(action))
          .map((action) => (
            <label class={`tg a-${action}`}>
              <input type="checkbox" name="a" value={action} />
              <span>
                <span aria-hidden="true">{symbols[action]}</span> {verbs[action]} <span class="n" data-count={action} />
              </span>
            </label>
          ))}
      </fieldset>
      <label>
        <span class="sr">Unit</span>
        <select id="fu">
          <option value="">every unit</option>
          {units.map((unit, index) => (unit.changes.length > 0 ? <Option value={String(index)} label={unit.path} /> : null))}
        </select>
      </label>
      <label>
        <span class="sr">Type</span>
        <select id="ft">
          <option value="">every type</option>
          {types.map((type) => (
            <Option value={type} label={type} />
          ))}
        </select>
      </label>
      {findings.length > 0 && (
        <label>
          <span class="sr">Finding</span>
          <select id="ff">
            <option value="">with or without findings</option>
            <Option value="*" label="with any finding" />
            {severities
              .filter((severity) => findings.some((one) => one.severity === severity))
              .map((severity) => (
                <Option value={`severity:${severity}`} label={severity} />
              ))}
            {rules.map(([rule, title]) => (
              <Option value={rule} label={title} />
            ))}
          </select>
        </label>
      )}
      {noise > 0 && (
        <label class="ck">
          <input type="checkbox" id="fn" checked={noise > mostNoise} />
          <span>fold {noise} of tags only or reads</span>
        </label>
      )}
      <span class="sp" />
      <output id="cnt" aria-live="polite" />
      <button type="button" id="open">
        open all
      </button>
      <button type="reset" id="rst">
        clear
      </button>
    </form>
  );
}
