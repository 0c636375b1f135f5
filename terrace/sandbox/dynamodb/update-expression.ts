import { type AttributeValue, type Item } from './attribute-value';
import { invalid } from './dynamodb-error';
import { type Placeholders, valueAt, valueOf } from './expression';
import { ExpressionParser, type Operand, type Path } from './expression-parser';

/** The item after `SET a = :x, b = if_not_exists(b, :zero) + :one REMOVE c ADD d :n DELETE e :set`. Every operand is read from the item before. */
export function updated(expression: unknown, before: Item, placeholders: Placeholders): Item {
  if (expression === undefined) return before;
  const parser = new ExpressionParser('UpdateExpression', String(expression), placeholders.names);
  let after = before;
  const seen = new Set<string>();
  while (!parser.atEnd) {
    const clause = ['SET', 'REMOVE', 'ADD', 'DELETE'].find((word) => parser.take(word));
    if (clause === undefined || seen.has(clause)) throw parser.fault();
    seen.add(clause);
    do {
      const path = parser.path();
      if (clause === 'SET') {
        parser.expect('=');
        after = withValue(after, path, setValue(parser, before, placeholders));
      } else if (clause === 'REMOVE') after = withValue(after, path, undefined);
      else {
        const operand = valueOf(parser.operand(), before, placeholders);
        if (operand === undefined) throw parser.fault();
        const old = valueAt(before, path);
        after = withValue(after, path, clause === 'ADD' ? added(old, operand) : withoutElements(old, operand));
      }
    } while (parser.take(','));
  }
  return after;
}

function setValue(parser: ExpressionParser, before: Item, placeholders: Placeholders): AttributeValue {
  const left = term(parser.operand(), before, placeholders);
  const sign = parser.take('+') ? 1 : parser.take('-') ? -1 : 0;
  if (sign === 0) return left;
  const right = term(parser.operand(), before, placeholders);
  if (!('N' in left) || !('N' in right)) throw invalid('An operand in the update expression has an incorrect data type');
  return { N: String(Number(left.N) + sign * Number(right.N)) };
}

function term(operand: Operand, before: Item, placeholders: Placeholders): AttributeValue {
  const [first, second] = operand.kind === 'call' ? operand.operands : [];
  if (operand.kind === 'call' && first !== undefined && second !== undefined) {
    if (operand.name === 'if_not_exists') return valueOf(first, before, placeholders) ?? term(second, before, placeholders);
    if (operand.name === 'list_append') {
      const [left, right] = [term(first, before, placeholders), term(second, before, placeholders)];
      if ('L' in left && 'L' in right) return { L: [...left.L, ...right.L] };
      throw invalid('An operand in the update expression has an incorrect data type');
    }
  }
  const value = valueOf(operand, before, placeholders);
  if (value === undefined) throw invalid('The provided expression refers to an attribute that does not exist in the item');
  return value;
}

function added(old: AttributeValue | undefined, operand: AttributeValue): AttributeValue {
  if (old === undefined) return operand;
  if ('N' in old && 'N' in operand) return { N: String(Number(old.N) + Number(operand.N)) };
  if ('SS' in old && 'SS' in operand) return { SS: [...new Set([...old.SS, ...operand.SS])] };
  if ('NS' in old && 'NS' in operand) return { NS: [...new Set([...old.NS, ...operand.NS])] };
  throw invalid('An operand in the update expression has an incorrect data type');
}

function withoutElements(old: AttributeValue | undefined, operand: AttributeValue): AttributeValue | undefined {
  if (old === undefined) return undefined;
  const left = 'SS' in old && 'SS' in operand ? old.SS.filter((one) => !operand.SS.includes(one)) : undefined;
  if (left !== undefined) return left.length === 0 ? undefined : { SS: left };
  const numbers = 'NS' in old && 'NS' in operand ? old.NS.filter((one) => !operand.NS.includes(one)) : undefined;
  if (numbers !== undefined) return numbers.length === 0 ? undefined : { NS: numbers };
  throw invalid('An operand in the update expression has an incorrect data type');
}

function withValue(item: Item, path: Path, value: AttributeValue | undefined): Item {
  const changed = replaced({ M: item }, path, value);
  return changed !== undefined && 'M' in changed ? changed.M : item;
}

function replaced(parent: AttributeValue | undefined, path: Path, value: AttributeValue | undefined): AttributeValue | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (typeof step === 'number' && parent !== undefined && 'L' in parent) {
    const list = [...parent.L];
    const inner = replaced(list[step], rest, value);
    list.splice(Math.min(step, list.length), 1, ...(inner === undefined ? [] : [inner]));
    return { L: list };
  }
  if (typeof step === 'string' && parent !== undefined && 'M' in parent) {
    const inner = replaced(parent.M[step], rest, value);
    const others = Object.entries(parent.M).filter(([name]) => name !== step);
    return { M: Object.fromEntries(inner === undefined ? others : [...others, [step, inner] as const]) };
  }
  throw invalid('The document path provided in the update expression is invalid for update');
}
