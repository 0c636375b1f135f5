import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { document, element, parseXml, textAt } from '../../../terrace/sandbox/http/xml';

test('any text survives being written and read', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const root = parseXml(document(element('Root', [element('Key', text)]), true));
      expect(root.children[0]?.text).toBe(text);
    }),
  );
});

test('declarations, comments, namespaces, attributes, empty elements and CDATA are understood', () => {
  const root = parseXml(
    '\uFEFF<?xml version="1.0"?>\n<!-- c --><s3:Delete xmlns:s3="urn:x" a=\'1\'>\n <Quiet >true</Quiet><Object><Key><![CDATA[a<b]]></Key></Object><Empty/>\n</s3:Delete>\n',
  );
  expect([root.name, textAt(root, 'Quiet'), textAt(root, 'Object', 'Key'), textAt(root, 'Empty'), textAt(root, 'No', 'Where')]).toEqual([
    'Delete',
    'true',
    'a<b',
    '',
    undefined,
  ]);
});

test.each(['', 'text', '<a>', '<a></b>', '<a></a><b></b>', '<a><b></a></b>', '<a', '</a>', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'])(
  '%s is refused',
  (text) => {
    expect(() => parseXml(text)).toThrow(SyntaxError);
  },
);
