import { conditional, OperatorExpression, rawString, ref, Token, Tokenization, type IResolveContext } from 'cdktf';
import helpers = require('cdktf/lib/functions/helpers');
import resolvable = require('cdktf/lib/tokens/resolvable');

import { beforeInterpolation, quotedText, templateMarks } from './hcl-text';

/**
 * Writes the expressions of cdktf as valid HCL. cdktf itself leaves quotes, backslashes, carriage returns and `%{` of a text as they
 * are, takes a text between quotes for a quoted one, drops `0`, `false` and `''` on the right of an operator, and puts no parentheses around a
 * condition within another expression. Replaces the functions of cdktf 0.21 that do so.
 */
function repairExpressions(): void {
  const condition = prototypeOf(conditional('a', 'b', 'c'));
  const base = prototypeOf(Object.getPrototypeOf(ref('a')));
  for (const name of ['resolveArg', 'resolveExpressionPart', 'resolveString'])
    if (typeof Reflect.get(base, name) !== 'function')
      throw new Error(`cdktf/lib/tfExpression has no ${name}: adapt terrace/tree/expressions.ts to this version of cdktf`);
  Object.assign(base, { resolveArg, resolveExpressionPart: resolveArg });
  Object.assign(condition, { resolve: resolveCondition });
  Object.assign(OperatorExpression.prototype, { resolve: resolveOperator });
  Object.assign(prototypeOf(rawString('')), { resolve: resolveRaw });
  Object.assign(helpers, {
    listOf: () => (value: unknown) => ({ value: withoutNothing(value) }),
    variadic: () => (value: unknown) => ({ value: withoutNothing(value), variadic: true }),
    stringValue: (value: unknown) => {
      if (typeof value !== 'string' && !Tokenization.isResolvable(value)) throw new Error(`${String(value)} is neither text nor a token`);
      return { value };
    },
  });
  Object.assign(resolvable.StringConcat.prototype, { join });
}

function prototypeOf(value: object): object {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (typeof prototype !== 'object' || prototype === null) throw new Error('an expression of cdktf without a class');
  return prototype;
}

function withoutNothing(value: unknown): unknown {
  return Array.isArray(value) ? value.filter((one) => one !== undefined && one !== null) : value;
}

/** One argument of an expression as HCL; tokens resolve to expressions without `${}`. */
function resolveArg(context: IResolveContext, argument: unknown): unknown {
  if (typeof argument === 'string') return quoted(context, argument);
  if (argument === undefined || argument === null || Token.isUnresolved(argument)) return context.resolve(argument);
  if (typeof argument !== 'object') return argument;
  if (Array.isArray(argument))
    return `[${argument
      .filter((one) => one !== undefined)
      .map((one) => resolveArg(context, one))
      .join(', ')}]`;
  const pairs = Object.entries(argument).filter(([, value]) => value !== undefined);
  return `{${pairs.map(([key, value]) => `${keyOf(context, key)} = ${String(resolveArg(context, value))}`).join(', ')}}`;
}

const marker = /(\$\{TfToken\[[a-zA-Z0-9:._-]+\]\})/;

/** A text with the tokens in it as one quoted string of HCL, a token alone as its expression. */
function quoted(context: IResolveContext, text: string): unknown {
  const parts = text.split(marker).filter((part) => part !== '');
  const [first = ''] = parts;
  if (parts.length === 1 && marker.test(first)) return context.resolve(first);
  const written = parts.map((part) => (marker.test(part) ? `\${${String(context.resolve(part))}}` : quotedText(part)));
  return `"${written.reduce((left, right) => join(left, right), '')}"`;
}

function keyOf(context: IResolveContext, key: string): string {
  const written = quoted(context, key);
  return marker.test(key) && typeof written === 'string' && !written.startsWith('"') ? `(${written})` : String(written);
}

/** Two neighbours of one template. */
function join(left: unknown, right: unknown): string {
  const [before, after] = [left ?? '', right ?? ''].map(String);
  return `${after?.startsWith('${') === true ? beforeInterpolation(before ?? '') : before}${after}`;
}

interface Operator {
  readonly operator: string;
  readonly left: unknown;
  readonly right: unknown;
}

function resolveOperator(this: Operator, context: IResolveContext): string {
  return braced(context, () => {
    const left = String(resolveArg(context, this.left));
    if (this.right === undefined) return `${this.operator}${left}`;
    return `(${left} ${this.operator} ${String(resolveArg(context, this.right))})`;
  });
}

interface Condition {
  readonly condition: unknown;
  readonly trueValue: unknown;
  readonly falseValue: unknown;
}

function resolveCondition(this: Condition, context: IResolveContext): string {
  const nested = context.suppressBraces === true;
  return braced(context, () => {
    const [condition, yes, no] = [this.condition, this.trueValue, this.falseValue].map((one) => String(resolveArg(context, one)));
    const text = `${condition} ? ${yes} : ${no}`;
    return nested ? `(${text})` : text;
  });
}

function resolveRaw(this: { readonly str: string }, context: IResolveContext): string {
  return context.suppressBraces === true ? `"${quotedText(this.str)}"` : templateMarks(this.str);
}

function braced(context: IResolveContext, write: () => string): string {
  const nested = context.suppressBraces === true;
  context.suppressBraces = true;
  const text = write();
  return nested ? text : `\${${text}}`;
}

repairExpressions();
