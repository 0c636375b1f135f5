import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';

import { traversalsOf } from '../../../terrace/diagram/read/expressions';

const names = (text: string, whole = false): string[] => traversalsOf(text, whole).map(({ root, steps }) => [root, ...steps].join('.'));

test('text outside of ${} refers to nothing', () => {
  expect(names('aws_vpc.main.id')).toEqual([]);
  expect(names('arn:aws:s3:::bucket/*')).toEqual([]);
});

test('an expression gives its traversals with indexes as steps', () => {
  expect(names('${aws_vpc.main.id}')).toEqual(['aws_vpc.main.id']);
  expect(names('${aws_subnet.a[0].id}-${aws_subnet.b["x"].id}')).toEqual(['aws_subnet.a.0.id', 'aws_subnet.b.x.id']);
  expect(names('${aws_subnet.a.0.id}')).toEqual(['aws_subnet.a.0.id']);
  expect(names('${aws_subnet.a[*].id}')).toEqual(['aws_subnet.a.id']);
});

test('function names and literals are no traversals, their arguments are', () => {
  expect(names('${join(",", [aws_a.x.id, "aws_b.y.id", 3.14])}')).toEqual(['aws_a.x.id']);
  expect(names('${jsonencode({"a" = aws_a.x.arn, "b" = true})}')).toEqual(['aws_a.x.arn']);
});

test('templates inside string literals are followed', () => {
  expect(names('${format("%s", "${aws_a.x.id}/\\"${aws_b.y.id}")}')).toEqual(['aws_a.x.id', 'aws_b.y.id']);
});

test('an index that is an expression is followed too', () => {
  expect(names('${aws_a.x[local.names[0]].id}')).toEqual(['aws_a.x.id', 'local.names.0']);
});

test('an escaped $${ is text', () => {
  expect(names('$${aws_a.x.id} ${aws_b.y.id}')).toEqual(['aws_b.y.id']);
});

test('names with hyphens are one name', () => {
  expect(names('${hcloud_server.web-1_server_A6.id}')).toEqual(['hcloud_server.web-1_server_A6.id']);
});

test('a whole string is an expression where it is said to be one', () => {
  expect(names('aws_vpc.main', true)).toEqual(['aws_vpc.main']);
});

test('no text makes the reader fail or loop', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('$', '{', '}', '"', '\\', '[', ']', '.', 'a', '1', '(', '%', ' '), maxLength: 60 }),
      (text) => {
        expect(Array.isArray(traversalsOf(text))).toBe(true);
        expect(Array.isArray(traversalsOf(text, true))).toBe(true);
      },
    ),
    { numRuns: 500 },
  );
});
