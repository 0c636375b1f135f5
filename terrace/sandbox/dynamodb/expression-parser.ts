import { invalid } from './dynamodb-error';

/** A document path: names and list indexes. */
export type Path = readonly (string | number)[];

export type Operand =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'value'; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly operands: readonly Operand[] };

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly condition: Condition }
  | { readonly kind: 'compare'; readonly operator: string; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'between'; readonly operand: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: 'in'; readonly operand: Operand; readonly list: readonly Operand[] }
  | { readonly kind: 'call'; readonly name: string; readonly operands: readonly Operand[] };

/** Reads the tokens of one DynamoDB expression. Every fault is a DynamodbError ValidationException that names the expression. */
export class ExpressionParser {
  private readonly tokens: readonly string[];
  private position = 0;

  constructor(
    private readonly kind: string,
    source: string,
    private readonly names: Readonly<Record<string, string>>,
  ) {
    const tokens = source.match(/<>|<=|>=|[<>=(),.[\]+-]|[#:]?\w+|\S/g) ?? [];
    if (tokens.length === 0) throw invalid(`Invalid ${kind}: The expression can not be empty;`);
    this.tokens = tokens;
  }

  get atEnd(): boolean {
    return this.position >= this.tokens.length;
  }

  /** The next token, left in place. */
  peek(): string {
    return this.tokens[this.position] ?? '';
  }

  /** True, and the token consumed, when the next one is this word. */
  take(word: string): boolean {
    if (this.peek().toUpperCase() !== word) return false;
    this.position += 1;
    return true;
  }

  expect(word: string): void {
    if (!this.take(word)) throw this.fault();
  }

  fault(): Error {
    return invalid(`Invalid ${this.kind}: Syntax error; token: "${this.atEnd ? '<EOF>' : this.peek()}"`);
  }

  /** A whole condition; nothing may follow it. */
  condition(): Condition {
    const condition = this.disjunction();
    if (!this.atEnd) throw this.fault();
    return condition;
  }

  /** Paths between commas. */
  paths(): readonly Path[] {
    const paths = [this.path()];
    while (this.take(',')) paths.push(this.path());
    if (!this.atEnd) throw this.fault();
    return paths;
  }

  path(): Path {
    const path: (string | number)[] = [this.name()];
    for (;;) {
      if (this.take('.')) path.push(this.name());
      else if (this.take('[')) {
        const index = this.next();
        if (!/^\d+$/.test(index)) throw this.fault();
        path.push(Number(index));
        this.expect(']');
      } else return path;
    }
  }

  operand(): Operand {
    const token = this.peek();
    if (token.startsWith(':')) {
      this.position += 1;
      return { kind: 'value', name: token };
    }
    if (/^\w+$/.test(token) && this.tokens[this.position + 1] === '(') return this.call();
    return { kind: 'path', path: this.path() };
  }

  private call(): Extract<Operand, { kind: 'call' }> {
    const name = this.next();
    this.expect('(');
    const operands = [this.operand()];
    while (this.take(',')) operands.push(this.operand());
    this.expect(')');
    return { kind: 'call', name, operands };
  }

  private disjunction(): Condition {
    let left = this.conjunction();
    while (this.take('OR')) left = { kind: 'or', left, right: this.conjunction() };
    return left;
  }

  private conjunction(): Condition {
    let left = this.negation();
    while (this.take('AND')) left = { kind: 'and', left, right: this.negation() };
    return left;
  }

  private negation(): Condition {
    return this.take('NOT') ? { kind: 'not', condition: this.negation() } : this.primary();
  }

  private primary(): Condition {
    if (this.take('(')) {
      const inner = this.disjunction();
      this.expect(')');
      return inner;
    }
    const operand = this.operand();
    if (['=', '<>', '<', '<=', '>', '>='].includes(this.peek()))
      return { kind: 'compare', operator: this.next(), left: operand, right: this.operand() };
    if (this.take('BETWEEN')) {
      const low = this.operand();
      this.expect('AND');
      return { kind: 'between', operand, low, high: this.operand() };
    }
    if (this.take('IN')) {
      this.expect('(');
      const list = [this.operand()];
      while (this.take(',')) list.push(this.operand());
      this.expect(')');
      return { kind: 'in', operand, list };
    }
    if (operand.kind === 'call') return operand;
    throw this.fault();
  }

  private name(): string {
    const token = this.next();
    if (token.startsWith('#')) {
      const name = this.names[token];
      if (name === undefined)
        throw invalid(
          `Invalid ${this.kind}: An expression attribute name used in the document path is not defined; attribute name: ${token}`,
        );
      return name;
    }
    if (!/^[A-Za-z_]\w*$/.test(token)) {
      this.position -= 1;
      throw this.fault();
    }
    return token;
  }

  private next(): string {
    const token = this.peek();
    this.position += 1;
    return token;
  }
}
