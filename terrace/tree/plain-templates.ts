import { Construct } from 'constructs';
import { Tokenization } from 'cdktf';

import type { Problem } from '../base/errors';
import { brokenToken, firstTemplateMark, isEvaluated, placeIn, visitValues, withoutTokens } from './unit-json';

/** Texts of an element before its tokens are resolved that terraform would evaluate, although nothing of cdktf made them expressions. */
export function plainTemplates(unit: string, raw: unknown): Problem[] {
  const problems: Problem[] = [];
  visitValues(
    raw,
    (leaf, path) => {
      if (typeof leaf !== 'string' || firstTemplateMark(leaf) < 0 || !isEvaluated(path)) return;
      const place = `${unit}   ${placeIn(path)}`;
      const broken = brokenToken(withoutTokens(leaf));
      if (broken !== undefined) problems.push({ ...broken, place });
      else
        problems.push({
          code: 'E3103',
          title: 'template markers in plain text',
          place,
          found: `terraform would evaluate '${around(leaf)}'`,
          expected: 'text without ${ and %{, or text that is marked as one or the other',
          todo: "use literal('…') from terrace for text that stays text; use expression('…') from terrace, a token or Fn for what terraform should evaluate",
        });
    },
    (value) => !Tokenization.isResolvable(value) && !Construct.isConstruct(value),
  );
  return problems;
}

/** The mark and what stands around it. */
function around(text: string): string {
  const at = firstTemplateMark(text);
  return `${at > 40 ? '…' : ''}${text.slice(Math.max(at - 40, 0), at + 60)}${text.length > at + 60 ? '…' : ''}`;
}
