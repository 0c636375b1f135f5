import { isMark, isSensitive, type ShownValue } from '../../values/shown-value';
import { valueText } from '../value-text';

/** One value; marks and absence are set apart from texts that only look like them. */
export function Value({ value }: { readonly value: ShownValue | undefined }) {
  const text = valueText(value);
  if (isMark(value)) return <span class={isSensitive(value) ? 'v sen' : 'v unk'}>{text}</span>;
  if (value === undefined || value === null || value === '') return <span class="v nil">{text}</span>;
  return <code class="v">{text}</code>;
}
