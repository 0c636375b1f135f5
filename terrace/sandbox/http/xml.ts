/** An element of a parsed document: its local name, its child elements, and its text when it has no children. */
export interface XmlElement {
  readonly name: string;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/';
const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function escape(text: string): string {
  return text.replace(/[<>&"\u0000-\u001f\u007f]/g, (character) => {
    if (character === '<') return '&lt;';
    if (character === '>') return '&gt;';
    if (character === '&') return '&amp;';
    if (character === '"') return '&quot;';
    return `&#x${character.charCodeAt(0).toString(16).toUpperCase()};`;
  });
}

function unescape(text: string): string {
  return text.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal !== undefined) return String.fromCodePoint(Number.parseInt(decimal, 10));
    return entities[name ?? ''] ?? whole;
  });
}

/** Text of an element with escaped text content, or with children that are already text. */
export function element(name: string, content: string | number | boolean | readonly string[]): string {
  const inner = Array.isArray(content) ? content.join('') : escape(String(content));
  return `<${name}>${inner}</${name}>`;
}

/** An XML document; `xmlns` puts the root element into S3's namespace. */
export function document(root: string, xmlns = false): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${xmlns ? root.replace(/^<([A-Za-z]+)/, `<$1 xmlns="${namespace}"`) : root}`;
}

/**
 * Parses the XML that S3 clients send: elements and text, attributes dropped, comments and CDATA understood.
 * Throws SyntaxError on anything that is not one well-formed element. Documents with a DTD are refused.
 */
export function parseXml(text: string): XmlElement {
  const token =
    /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)([\w.-]+:)?([\w.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|([^<]+)/gy;
  const roots: XmlElement[] = [];
  const open: { name: string; children: XmlElement[]; text: string }[] = [];
  const close = (done: XmlElement): void => void (open.at(-1)?.children ?? roots).push(done);
  while (token.lastIndex < text.length) {
    const match = token.exec(text);
    if (match === null) throw new SyntaxError('not well-formed XML');
    const [whole, cdata, slash, , name, , selfClosing, chars] = match;
    const top = open.at(-1);
    if (name !== undefined) {
      if (slash === '/') {
        if (top?.name !== name) throw new SyntaxError(`unexpected </${name}>`);
        open.pop();
        close(top);
      } else if (selfClosing === '/') close({ name, children: [], text: '' });
      else open.push({ name, children: [], text: '' });
    } else if (chars !== undefined || cdata !== undefined) {
      if (top !== undefined) top.text += cdata ?? unescape(chars ?? '');
      else if (whole.replace('\uFEFF', '').trim() !== '') throw new SyntaxError('text outside the root element');
    }
  }
  const root = roots[0];
  if (root === undefined || roots.length > 1 || open.length > 0) throw new SyntaxError('not one whole element');
  return root;
}

/** The child elements of that name. */
export function children(parent: XmlElement, name: string): readonly XmlElement[] {
  return parent.children.filter((child) => child.name === name);
}

/** Trimmed text of the first element at that path below the parent; undefined where there is none. */
export function textAt(parent: XmlElement, ...path: readonly string[]): string | undefined {
  let current: XmlElement | undefined = parent;
  for (const name of path) current = current?.children.find((child) => child.name === name);
  return current?.text.trim();
}
