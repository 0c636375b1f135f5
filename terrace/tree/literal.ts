import { ref, Token, type IResolvable, type IResolveContext } from 'cdktf';

import { quotedText, templateMarks } from './hcl-text';

class Literal implements IResolvable {
  readonly creationStack: string[] = [];

  constructor(readonly text: string) {}

  resolve(context: IResolveContext): string {
    // Set while an expression is written around it, where text stands in quotes.
    return context.suppressBraces === true ? `"${quotedText(this.text)}"` : templateMarks(this.text);
  }

  toString(): string {
    return Token.asString(this);
  }
}

/**
 * Text that stays text: `literal('${aws:username}')` arrives with its `${`, where a plain string would be a template of terraform.
 * Within `JSON.stringify` it is put in as it is, so a text with quotes, backslashes or line ends belongs into `Fn.jsonencode`.
 */
export function literal(text: string): string {
  return Token.asString(new Literal(text));
}

/** An expression of terraform as it would stand in HCL, without `${}`: `expression('var.size > 3 ? 1 : 0')`. Parsed when the tree is synthesized. */
export function expression(hcl: string): IResolvable {
  return ref(hcl);
}
