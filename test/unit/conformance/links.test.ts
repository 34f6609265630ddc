import { expect, test } from 'vitest';
import { linksOf, readLinks } from '../../conformance/links.ts';

test('several lines and several links on one line', () => {
  const { links, malformed } = readLinks(['<a>; rel="x y", <b>; rel=z', '<c>; rel="q,r"']);
  expect(links.map(({ target }) => target)).toEqual(['a', 'b', 'c']);
  expect(linksOf(links, 'y').map(({ target }) => target)).toEqual(['a']);
  expect(links[2]?.parameters.get('rel')).toBe('q,r');
  expect(malformed).toEqual([]);
});

test('escapes, blanks, and the first of two equal parameters', () => {
  const { links } = readLinks(['<a> ; Title = "a \\"b\\"" ; rel="one"; rel="two"']);
  expect(links[0]?.parameters.get('title')).toBe('a "b"');
  expect(links[0]?.parameters.get('rel')).toBe('one');
});

test.each(['<a>; rel="x" events="y"', '<a', 'a; rel=x', '<a>; rel="open'])(
  '%s is malformed',
  (text) => {
    expect(readLinks([text]).malformed).toEqual([text]);
  },
);
