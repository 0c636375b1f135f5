import { type AttributeValue, compare, equal, type Item, readItem, typeOf } from './attribute-value';
import { isObject } from '../../base/json';
import { invalid } from './dynamodb-error';
import { type Condition, ExpressionParser, type Operand, type Path } from './expression-parser';

/** Names and values that the placeholders of a request's expressions stand for. */
export interface Placeholders {
  readonly names: Readonly<Record<string, string>>;
  readonly values: Item;
}

/** Placeholders of a request. */
export function placeholdersOf(request: Readonly<Record<string, unknown>>): Placeholders {
  const names = request.ExpressionAttributeNames;
  return {
    names: isObject(names) ? Object.fromEntries(Object.entries(names).map(([key, name]) => [key, String(name)])) : {},
    values: readItem(request.ExpressionAttributeValues),
  };
}

/** Whether an item (empty where there is none) fulfils a condition, filter or key condition; without an expression it does. */
export function fulfils(kind: string, expression: unknown, item: Item, placeholders: Placeholders): boolean {
  if (expression === undefined) return true;
  return holds(new ExpressionParser(kind, String(expression), placeholders.names).condition(), item, placeholders);
}

/** The parts of an item that a projection names; without one the whole item. Lists keep only the elements named. */
export function project(expression: unknown, item: Item, placeholders: Placeholders): Item {
  if (expression === undefined) return item;
  const result: Record<string, AttributeValue> = {};
  for (const path of new ExpressionParser('ProjectionExpression', String(expression), placeholders.names).paths()) {
    const value = valueAt(item, path);
    if (value === undefined) continue;
    const wrapped = path
      .slice(1)
      .reduceRight<AttributeValue>((inner, step) => (typeof step === 'number' ? { L: [inner] } : { M: { [step]: inner } }), value);
    const name = String(path[0]);
    const known = result[name];
    result[name] = known === undefined ? wrapped : merge(known, wrapped);
  }
  return result;
}

/** Value at a document path; undefined where it leads nowhere. */
export function valueAt(item: Item, path: Path): AttributeValue | undefined {
  return path.reduce<AttributeValue | undefined>((value, step) => (value === undefined ? undefined : child(value, step)), { M: item });
}

function child(value: AttributeValue, step: string | number): AttributeValue | undefined {
  if (typeof step === 'number') return 'L' in value ? value.L[step] : undefined;
  return 'M' in value ? value.M[step] : undefined;
}

/** Value of an operand; undefined for a path that leads nowhere. Throws DynamodbError for an undefined placeholder. */
export function valueOf(operand: Operand, item: Item, placeholders: Placeholders): AttributeValue | undefined {
  if (operand.kind === 'path') return valueAt(item, operand.path);
  if (operand.kind === 'value') {
    const value = placeholders.values[operand.name];
    if (value === undefined)
      throw invalid(
        `Invalid expression: An expression attribute value used in expression is not defined; attribute value: ${operand.name}`,
      );
    return value;
  }
  if (operand.name !== 'size')
    throw invalid(`Invalid expression: The function is not allowed to be used this way; function: ${operand.name}`);
  const value = operand.operands[0] === undefined ? undefined : valueOf(operand.operands[0], item, placeholders);
  const size = value === undefined ? undefined : sizeOf(value);
  return size === undefined ? undefined : { N: String(size) };
}

function holds(condition: Condition, item: Item, placeholders: Placeholders): boolean {
  const value = (operand: Operand | undefined): AttributeValue | undefined =>
    operand === undefined ? undefined : valueOf(operand, item, placeholders);
  switch (condition.kind) {
    case 'and':
      return holds(condition.left, item, placeholders) && holds(condition.right, item, placeholders);
    case 'or':
      return holds(condition.left, item, placeholders) || holds(condition.right, item, placeholders);
    case 'not':
      return !holds(condition.condition, item, placeholders);
    case 'compare':
      return compares(condition.operator, value(condition.left), value(condition.right));
    case 'between':
      return (
        compares('>=', value(condition.operand), value(condition.low)) && compares('<=', value(condition.operand), value(condition.high))
      );
    case 'in':
      return condition.list.some((one) => equal(value(condition.operand), value(one)));
    case 'call':
      return calls(condition.name, value(condition.operands[0]), () => value(condition.operands[1]));
  }
}

function compares(operator: string, left: AttributeValue | undefined, right: AttributeValue | undefined): boolean {
  if (operator === '=') return equal(left, right);
  if (operator === '<>') return !equal(left, right);
  const order = compare(left, right);
  if (order === undefined) return false;
  if (operator === '<') return order < 0;
  if (operator === '<=') return order <= 0;
  return operator === '>' ? order > 0 : order >= 0;
}

function calls(name: string, first: AttributeValue | undefined, second: () => AttributeValue | undefined): boolean {
  switch (name) {
    case 'attribute_exists':
      return first !== undefined;
    case 'attribute_not_exists':
      return first === undefined;
    case 'attribute_type': {
      const type = second();
      return first !== undefined && type !== undefined && 'S' in type && typeOf(first) === type.S;
    }
    case 'begins_with': {
      const start = second();
      return first !== undefined && start !== undefined && 'S' in first && 'S' in start && first.S.startsWith(start.S);
    }
    case 'contains': {
      const part = second();
      if (first === undefined || part === undefined) return false;
      if ('S' in first) return 'S' in part && first.S.includes(part.S);
      if ('SS' in first) return 'S' in part && first.SS.includes(part.S);
      if ('NS' in first) return 'N' in part && first.NS.some((one) => Number(one) === Number(part.N));
      return 'L' in first && first.L.some((one) => equal(one, part));
    }
    default:
      throw invalid(`Invalid expression: Invalid function name; function: ${name}`);
  }
}

function sizeOf(value: AttributeValue): number | undefined {
  if ('S' in value) return Buffer.byteLength(value.S);
  if ('B' in value) return Buffer.from(value.B, 'base64').length;
  if ('SS' in value) return value.SS.length;
  if ('NS' in value) return value.NS.length;
  if ('BS' in value) return value.BS.length;
  if ('L' in value) return value.L.length;
  return 'M' in value ? Object.keys(value.M).length : undefined;
}

function merge(left: AttributeValue, right: AttributeValue): AttributeValue {
  if ('L' in left && 'L' in right) return { L: [...left.L, ...right.L] };
  if (!('M' in left) || !('M' in right)) return right;
  const result: Record<string, AttributeValue> = { ...left.M };
  for (const [name, value] of Object.entries(right.M)) {
    const known = result[name];
    result[name] = known === undefined ? value : merge(known, value);
  }
  return { M: result };
}
