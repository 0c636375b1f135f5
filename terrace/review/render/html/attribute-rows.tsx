import type { AttributeChange, AttributeMark, TextLine } from '../../diff/attribute-change';
import { pathText } from '../../diff/attribute-change';
import { foldQuiet } from '../../diff/quiet-change';
import { cut, visible } from '../value-text';
import { plural } from '../words';

import { Value } from './value';

const markWords: Readonly<Record<AttributeMark, string>> = {
  unknown: 'after apply',
  computed: 'set by the provider',
  sensitive: 'sensitive',
  mocked: 'mock',
  replaces: 'forces replacement',
};

/** Rows beyond this many are left out, with their number. */
const mostRows = 400;

function Marks({ marks }: { readonly marks: readonly AttributeMark[] }) {
  return (
    <>
      {marks
        .filter((mark) => mark !== 'unknown' && mark !== 'sensitive')
        .map((mark) => (
          <span class={`mk mk-${mark}`}>{markWords[mark]}</span>
        ))}
    </>
  );
}

function Lines({ lines }: { readonly lines: readonly (TextLine | null)[] }) {
  return (
    <div class="lines">
      {lines.slice(0, mostRows).map((line) =>
        line === null ? (
          <div class="l gap">⋯</div>
        ) : (
          <div class={`l ${line.kind}`}>
            <span class="sg">{line.kind === 'added' ? '+' : line.kind === 'removed' ? '−' : ' '}</span>
            {cut(visible(line.text))}
          </div>
        ),
      )}
      {lines.length > mostRows && <div class="l gap">{lines.length - mostRows} more lines</div>}
    </div>
  );
}

function Elements({ change }: { readonly change: AttributeChange }) {
  const { elements } = change;
  if (elements === undefined) return null;
  if (elements.added.length + elements.removed.length === 0) return <span class="v nil">the same {elements.kept} in another order</span>;
  return (
    <ul class="els">
      {elements.removed.slice(0, mostRows).map((item) => (
        <li class="rem">
          <span class="sg">−</span>
          <Value value={item} />
        </li>
      ))}
      {elements.added.slice(0, mostRows).map((item) => (
        <li class="add">
          <span class="sg">+</span>
          <Value value={item} />
        </li>
      ))}
      {elements.kept > 0 && <li class="kept">{elements.kept} unchanged</li>}
    </ul>
  );
}

function Row({ change, side }: { readonly change: AttributeChange; readonly side: 'both' | 'before' | 'after' }) {
  const span = side === 'both' ? 2 : 1;
  const head = (
    <th scope="row">
      <span class="p">{visible(pathText(change.path)) || 'value'}</span>
      <Marks marks={change.marks} />
    </th>
  );
  const from =
    change.from === undefined ? null : (
      <span class="from">
        from{' '}
        {change.from.map((name) => (
          <code>{visible(name)}</code>
        ))}
      </span>
    );
  if (change.document !== undefined) {
    return (
      <tr class="wide">
        {head}
        <td colSpan={span}>
          {change.document.length === 0 ? (
            <span class="v nil">the same document, formatted differently</span>
          ) : (
            <AttributeRows changes={change.document} label="document" nested side={side} />
          )}
        </td>
      </tr>
    );
  }
  if (change.lines !== undefined) {
    return (
      <tr class="wide">
        {head}
        <td colSpan={span}>
          <Lines lines={change.lines} />
        </td>
      </tr>
    );
  }
  if (change.elements !== undefined && side === 'both') {
    return (
      <tr>
        {head}
        <td colSpan={2}>
          <Elements change={change} />
        </td>
      </tr>
    );
  }
  return (
    <tr class={change.kind}>
      {head}
      {side !== 'after' && (
        <td class="b">
          <Value value={change.before} />
        </td>
      )}
      {side !== 'before' && (
        <td class="a">
          <Value value={change.after} />
          {from}
        </td>
      )}
    </tr>
  );
}

interface RowsProps {
  readonly changes: readonly AttributeChange[];
  readonly label: string;
  readonly nested?: boolean;
  readonly side?: 'both' | 'before' | 'after';
}

/** Attributes with before and after; only one column where everything comes or everything goes. What says nothing to a reader is folded. */
export function AttributeRows({ changes, label, nested = false, side = 'both' }: RowsProps) {
  const { shown, folded } = nested ? { shown: changes, folded: [] } : foldQuiet(changes);
  return (
    <>
      <Rows changes={shown} label={label} nested={nested} side={side} />
      {folded.length > 0 && (
        <details class="more">
          <summary>
            {plural(folded.length, 'folded attribute')}:{' '}
            {visible([...new Set(folded.map(({ path }) => pathText(path.slice(0, 1))))].join(', '))}
          </summary>
          <Rows changes={folded} label={`${label}, folded`} side={side} />
        </details>
      )}
    </>
  );
}

function Rows({ changes, label, nested = false, side = 'both' }: RowsProps) {
  return (
    <table class={`at ${side}${nested ? ' nest' : ''}`}>
      <caption class="sr">{label}</caption>
      {!nested && (
        <thead class="sr">
          <tr>
            <th scope="col">attribute</th>
            {side !== 'after' && <th scope="col">before</th>}
            {side !== 'before' && <th scope="col">after</th>}
          </tr>
        </thead>
      )}
      <tbody>
        {changes.slice(0, mostRows).map((change) => (
          <Row change={change} side={side} />
        ))}
        {changes.length > mostRows && (
          <tr>
            <td colSpan={side === 'both' ? 3 : 2}>{changes.length - mostRows} more attributes</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}
