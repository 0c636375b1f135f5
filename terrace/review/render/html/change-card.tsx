import type { ChangeGroup } from '../../model/review';
import type { ResourceChange } from '../../plan/plan-model';
import { participles, plural, shownAction, shownSide, symbols, type ShownAction } from '../words';
import { visible } from '../value-text';

import { AttributeRows } from './attribute-rows';

/** The sign of an action with its word for those who do not see it. */
export function Badge({ action }: { readonly action: ShownAction }) {
  return (
    <span class={`bd a-${action}`}>
      <span aria-hidden="true">{symbols[action]}</span>
      <span class="sr">{action}</span>
    </span>
  );
}

function Why({ change, action }: { readonly change: ResourceChange; readonly action: ShownAction }) {
  const order =
    change.action === 'replace'
      ? `; ${change.createFirst ? 'the new one is created before the old one is destroyed' : 'the old one is destroyed before the new one is created'}`
      : '';
  return (
    <>
      <p class="why">
        Will be <strong>{participles[action]}</strong>
        {change.replacePaths.length > 0 && (
          <>
            {' '}
            because of{' '}
            {change.replacePaths.map((path) => (
              <code>{visible(path)}</code>
            ))}
          </>
        )}
        {change.because !== undefined && change.action !== 'replace' && <>: {change.because}</>}
        {change.because !== undefined && change.action === 'replace' && change.replacePaths.length === 0 && <>: {change.because}</>}
        {order}.
      </p>
      {change.deposed !== undefined && <p class="why">Left over from an interrupted replacement ({visible(change.deposed)}).</p>}
      {change.movedFrom !== undefined && (
        <p class="why">
          <strong>Moved from</strong> <code>{visible(change.movedFrom)}</code>
        </p>
      )}
      {change.imported !== undefined && (
        <p class="why">
          <strong>Imported</strong> {change.imported === '' ? 'by an id known after apply' : <code>{visible(change.imported)}</code>}
        </p>
      )}
      {change.provisioners.length > 0 && (
        <p class="why">
          <strong>Runs provisioners:</strong> {change.provisioners.join(', ')}
        </p>
      )}
    </>
  );
}

/** Whose change it is, in sight wherever a link leads to it. */
function Members({ group }: { readonly group: ChangeGroup }) {
  const [first, ...others] = group.members;
  return (
    <p class="mem">
      in <b>{visible(first?.unit ?? '')}</b>
      {others.length > 0 && (
        <>
          {' '}
          and the same, apart from the names of environment, region and account, in {others.map(({ unit }) => visible(unit)).join(', ')}.
          Values shown are those of the first.
        </>
      )}
    </p>
  );
}

/**
 * One change, or the same one in several units: a line that opens. What it opens to is text to a browser that runs the page's script, which
 * makes elements of it when they are looked at: thousands of changes would be half a million elements before anything is seen. Without the
 * script they stand there as ever.
 */
export function ChangeCard({ group, unitIndex }: { readonly group: ChangeGroup; readonly unitIndex: ReadonlyMap<string, number> }) {
  const { change } = group;
  const action = shownAction(change);
  const dot = change.address.lastIndexOf(`.${change.name}`);
  const [prefix, name] = dot < 0 ? ['', change.address] : [change.address.slice(0, dot + 1), change.address.slice(dot + 1)];
  const rules = [...new Set(group.findings.map(({ rule }) => rule))];
  const worst = group.findings[0]?.severity;
  const side = shownSide(change);
  return (
    <details
      class={`ch a-${action}${change.noise ? ' noise' : ''}`}
      id={`c-${group.id}`}
      data-a={action}
      data-t={change.type}
      data-u={group.members.map(({ unit }) => unitIndex.get(unit) ?? 0).join(' ')}
      data-r={rules.length === 0 ? undefined : rules.join(' ')}
      data-s={worst}
      data-n={change.noise || action === 'read' ? '1' : undefined}
    >
      <summary>
        <Badge action={action} />
        <span class="ad">
          <span class="ty">{visible(prefix)}</span>
          <b>{visible(name)}</b>
        </span>
        <span class="chips">
          {change.noise && <span class="chip">tags only</span>}
          {change.replacePaths.length > 0 && (
            <span class="chip w">
              {visible(change.replacePaths[0] ?? '')}
              {change.replacePaths.length > 1 ? ` +${change.replacePaths.length - 1}` : ''}
            </span>
          )}
          {group.members.length > 1 && <span class="chip">{plural(group.members.length, 'unit')}</span>}
          {worst !== undefined && <span class={`sv s-${worst}`}>{worst}</span>}
        </span>
      </summary>
      {group.members.slice(1).map((member) => (
        <span id={`c-${member.change}`} />
      ))}
      <noscript>
        <div class="body">
          <Members group={group} />
          <Why change={change} action={action} />
          {group.findings.length > 0 && (
            <ul class="fi">
              {group.findings.map((finding) => (
                <li>
                  <span class={`sv s-${finding.severity}`}>{finding.severity}</span> <strong>{finding.title}</strong>:{' '}
                  {visible(finding.reason)}
                </li>
              ))}
            </ul>
          )}
          {change.attributes.length > 0 && (
            <AttributeRows changes={change.attributes} label={`Attributes of ${change.address}`} side={side} />
          )}
          {change.computed > 0 && <p class="cmp">{plural(change.computed, 'more attribute')} set by the provider, known after apply.</p>}
          <p class="ids">
            <a href={`#c-${group.id}`}>link to this change</a>
          </p>
        </div>
      </noscript>
    </details>
  );
}
