import { expect, test } from '@jest/globals';

import { commitLink } from '../../terrace/git/commit-text';

test.each([
  ['https://github.com/o/r.git', 'https://github.com/o/r/commit/abc'],
  ['https://x-access-token:secret@github.com/o/r', 'https://github.com/o/r/commit/abc'],
  ['git@github.com:o/r.git', 'https://github.com/o/r/commit/abc'],
  ['ssh://git@gitlab.com:22/group/sub/r.git', 'https://gitlab.com/group/sub/r/-/commit/abc'],
  ['git@bitbucket.org:o/r.git', 'https://bitbucket.org/o/r/commits/abc'],
  ['https://github.example.org/o/r', 'https://github.example.org/o/r/commit/abc'],
  ['/srv/git/r.git', undefined],
  ['https://example.org/o/r', undefined],
  ['javascript:alert(1)//github.com/o/r', undefined],
  [undefined, undefined],
])('the page of a commit of %s is %s', (remote, link) => {
  expect(commitLink(remote, 'abc')).toBe(link);
});
