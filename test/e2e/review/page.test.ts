import { readFileSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { buildReview } from '../../../terrace/review/model/build';
import { renderHtml } from '../../../terrace/review/render/html/html-page';
import { olechkaChange } from '../../review/_fixtures/olechka-change';
import { planOf } from '../../review/_fixtures/plan-of';
import { xssCorpus, xssSource } from '../../review/_fixtures/xss';

import { InChromium, picture } from './in-chromium';

let chromium: InChromium;
let page: string;
beforeAll(async () => {
  chromium = await InChromium.launch();
  page = await renderHtml(
    buildReview(olechkaChange, {
      policies: [
        {
          policy: 'allowed-regions',
          severity: 'deny',
          explain: 'Data stays where contracts say.',
          message: 'aws_subnet.private_a would be built in us-west-2',
          unit: 'olechka/dev/eu-central-1/network/vpc',
          address: 'aws_subnet.private_a',
        },
      ],
    }),
  );
}, 600_000);
afterAll(async () => {
  await chromium.close();
});

/** Runs in the page. */
const shownCards = `[...document.querySelectorAll('#changes .ch')].filter((card) => card.checkVisibility()).map((card) => card.querySelector('b').textContent)`;

describe('what a page may do', () => {
  test('nothing of the XSS corpus runs, in names or in values, and nothing outside is asked for', async () => {
    const html = await renderHtml(
      buildReview(xssSource, {
        policies: [
          { policy: '<script>alert(1)</script>', severity: 'deny', explain: '<img src=x onerror=alert(1)>', message: xssCorpus.join(' ') },
        ],
        costs: { currency: '<b>', before: 1, after: 2, difference: 1, units: [{ name: '<script>alert(1)</script>', difference: 1 }] },
      }),
    );
    await chromium.open(html, {}, async ({ page: open, requests, complaints }) => {
      await open.evaluate(`for (const one of document.querySelectorAll('details')) one.open = true`);
      await open.waitForTimeout(300);
      expect(complaints).toEqual([]);
      expect(requests).toHaveLength(1);
      expect(
        await open.evaluate(`document.querySelectorAll('script, img, iframe, base, link, meta[http-equiv=refresh], math').length`),
      ).toBe(1);
      const text = String(await open.evaluate(`document.body.textContent`));
      for (const one of xssCorpus)
        expect(text).toContain(one.replaceAll('\u202E', '⟨U+202E⟩').replaceAll('\u202C', '⟨U+202C⟩').split('\n')[0]);
    });
  });

  test('its policy stops a script, a style and a handler that somebody adds to the file', async () => {
    const added = page.replace(
      '</main>',
      '<script>window.added = 1</script><style>body{display:none}</style><img src="https://evil.example/x" onerror="window.added = 1"></main>',
    );
    await chromium.open(added, {}, async ({ page: open, complaints }) => {
      expect(await open.evaluate('window.added')).toBeUndefined();
      expect(await open.evaluate(`getComputedStyle(document.body).display`)).not.toBe('none');
      expect(complaints.filter((text) => text.includes('Content Security Policy')).length).toBeGreaterThanOrEqual(3);
    });
  });

  test('it says everything without its script', async () => {
    await chromium.open(page, { javaScriptEnabled: false }, async ({ page: open }) => {
      expect(await open.locator('.vd .big').innerText()).toContain('6 to replace, 12 to change, 3 to create');
      await open.locator('summary', { hasText: 'aws_subnet.private_a' }).click();
      expect(await open.locator('.ch[open]').innerText()).toContain('10.0.11.0/24');
      expect(await open.locator('#flt').isVisible()).toBe(false);
    });
  });
});

describe.each(['light', 'dark'] as const)('in the %s theme', (colorScheme) => {
  test.each([390, 1024, 1600])('it is as wide as a window of %i pixels and no wider', async (width) => {
    await chromium.open(page, { colorScheme, viewport: { width, height: 900 } }, async ({ page: open, complaints }) => {
      await picture(open, `page-${colorScheme}-${width}`);
      await open.evaluate(`for (const one of document.querySelectorAll('details')) one.open = true`);
      await picture(open, `open-${colorScheme}-${width}`);
      expect(Number(await open.evaluate('document.documentElement.scrollWidth'))).toBeLessThanOrEqual(width);
      // A table that is wider than its box is cut off.
      expect(
        await open.evaluate(
          `[...document.querySelectorAll('.body, .f, .at td')].filter((one) => one.scrollWidth > one.clientWidth + 1).length`,
        ),
      ).toBe(0);
      expect(complaints).toEqual([]);
    });
  });

  test('on a phone every unit shows what happens in it and its findings, without scrolling sideways', async () => {
    await chromium.open(page, { colorScheme, viewport: { width: 390, height: 900 } }, async ({ page: open }) => {
      const shown = await open.evaluate<readonly { readonly right: number; readonly text: string }[]>(
        `[...document.querySelectorAll('.ut td')].filter((cell) => cell.checkVisibility()).map((cell) => ({ right: cell.getBoundingClientRect().right, text: cell.innerText }))`,
      );
      expect(shown.length).toBeGreaterThan(20);
      expect(shown.filter(({ right }) => right > 390)).toEqual([]);
      expect(shown.filter(({ text }) => text.trim() === '·')).toEqual([]);
    });
  });

  test('axe finds nothing serious, closed and opened', async () => {
    const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
    await chromium.open(page, { colorScheme, bypassCSP: true }, async ({ page: open }) => {
      await open.evaluate(axe);
      for (const state of ['closed', 'open']) {
        if (state === 'open') await open.evaluate(`for (const one of document.querySelectorAll('details')) one.open = true`);
        const found = await open.evaluate<unknown>(
          `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => ({ id, nodes: nodes.slice(0, 3).map(({ html }) => html) })))`,
        );
        expect({ state, found }).toEqual({ state, found: [] });
      }
    });
  }, 600_000);
});

describe('by keyboard alone', () => {
  test('slash goes to the filter, Enter to the first match, Enter opens it', async () => {
    await chromium.open(page, {}, async ({ page: open }) => {
      await open.keyboard.press('/');
      await open.keyboard.type('throttled aws_cloudwatch_metric');
      await open.keyboard.press('Enter');
      expect(await open.evaluate(shownCards)).toEqual(['api_throttled']);
      expect(await open.evaluate(`document.activeElement.textContent`)).toContain('api_throttled');
      await open.keyboard.press('Enter');
      expect(await open.evaluate(`document.activeElement.parentElement.open`)).toBe(true);
      await open.keyboard.press('/');
      await open.keyboard.press('Escape');
      expect(await open.evaluate(`${shownCards}.length`)).toBe(7);
    });
  });

  test('j and k walk through the changes, n through the findings', async () => {
    await chromium.open(page, {}, async ({ page: open }) => {
      const at = `document.activeElement.textContent`;
      await open.keyboard.press('j');
      expect(await open.evaluate(at)).toContain('aws_subnet.private_a');
      await open.keyboard.press('j');
      expect(await open.evaluate(at)).toContain('aws_route_table_association');
      await open.keyboard.press('k');
      expect(await open.evaluate(at)).toContain('aws_subnet.private_a');
      await open.keyboard.press('n');
      expect(await open.evaluate(`document.activeElement.closest('.f') !== null`)).toBe(true);
    });
  });

  test('Tab reaches the skip link first, and every control is reachable', async () => {
    await chromium.open(page, {}, async ({ page: open }) => {
      await open.keyboard.press('Tab');
      expect(await open.evaluate('document.activeElement.textContent')).toBe('to the changes');
      const seen = new Set<string>();
      for (let step = 0; step < 120; step++) {
        await open.keyboard.press('Tab');
        seen.add(String(await open.evaluate(`document.activeElement.id || document.activeElement.tagName`)));
      }
      for (const id of ['theme', 'q', 'fu', 'ft', 'ff', 'open', 'rst', 'SUMMARY']) expect([...seen]).toContain(id);
    });
  });
});

test('the order of apply is drawn without the arrows that a way over other units says', async () => {
  const at = (name: string): string => `shop/dev/eu-central-1/layer/${name}`;
  const unit = (name: string, ...after: readonly string[]) => ({
    path: at(name),
    after: after.map(at),
    plan: planOf({ changes: [{ address: 'aws_sns_topic.one', after: { name } }] }),
  });
  const source = { bundle: olechkaChange.bundle, units: [unit('key'), unit('network', 'key'), unit('service', 'network', 'key')] };
  await chromium.open(await renderHtml(buildReview(source)), {}, async ({ page: open }) => {
    expect(await open.evaluate(`document.querySelectorAll('.graph path.ed').length`)).toBe(2);
  });
});

describe('filters and links', () => {
  test('action, type, unit, finding and text narrow the changes, and the count says so', async () => {
    await chromium.open(page, {}, async ({ page: open }) => {
      const clear = async (): Promise<void> => await open.locator('#rst').click();
      await open.locator('.tg.a-replace').click();
      expect(await open.evaluate(shownCards)).toEqual(['private_a', 'private_a']);
      expect(await open.locator('#cnt').innerText()).toBe('2 of 7 changes');
      await clear();
      await open.locator('#ft').selectOption('aws_vpc');
      expect(await open.evaluate(shownCards)).toEqual(['main']);
      await clear();
      await open.locator('#fu').selectOption({ label: 'olechka/staging/eu-central-1/monitoring/cloudwatch' });
      expect(await open.evaluate(shownCards)).toEqual(['operations', 'api_throttled']);
      await clear();
      await open.locator('#ff').selectOption('iam-action-added');
      expect(await open.evaluate(shownCards)).toEqual(['task']);
      await clear();
      await open.locator('#fn').check();
      expect(await open.evaluate(shownCards)).not.toContain('main');
      await clear();
      await open.locator('#q').fill('nothing that is there');
      await open.locator('#nothing').waitFor({ state: 'visible' });
      expect(await open.evaluate(shownCards)).toEqual([]);
    });
  });

  test('a filter stands in the address and is there again after a reload', async () => {
    await chromium.open(page, {}, async ({ page: open }) => {
      await open.locator('.tg.a-create').click();
      expect(open.url()).toMatch(/#!action=create$/);
      await open.reload();
      expect(await open.evaluate(shownCards)).toEqual(['api_throttled']);
    });
  });

  test('a link to a change opens it, also to one of a grouped unit, and through a filter that hides it', async () => {
    const review = buildReview(olechkaChange);
    const [first] = review.groups;
    for (const member of first?.members ?? []) {
      await chromium.open(page, { hash: `#c-${member.change}` }, async ({ page: open }) => {
        expect(await open.evaluate(`document.querySelector('.ch[open] b').textContent`)).toBe('private_a');
        await open.locator('.tg.a-create').click();
        await open.evaluate(`location.hash = '#c-${first?.id}'`);
        await open.locator('.ch[open] b', { hasText: 'private_a' }).first().waitFor({ state: 'visible' });
      });
    }
  });

  test('a filter of any text stands in the address', async () => {
    await chromium.open(page, {}, async ({ page: open }) => {
      for (const text of ['a&b=c', '100%25 of a+b', '%zz #1']) {
        await open.locator('#q').fill(text);
        await open.locator('#q').press('Enter');
        await open.reload();
        expect(await open.locator('#q').inputValue()).toBe(text);
      }
    });
  });

  test('a link leads to its change wherever it stands on a long page, also where its kind is folded', async () => {
    const review = buildReview({
      bundle: olechkaChange.bundle,
      units: Array.from({ length: 80 }, (_, unit) => ({
        path: `shop/dev/eu-central-1/layer/unit-${unit}`,
        plan: planOf({
          changes: [
            { address: `aws_sns_topic.one_${unit}`, before: { name: `a${unit}` }, after: { name: `b${unit}` } },
            ...(unit % 2 === 0
              ? Array.from({ length: 12 }, (_ignored, index) => ({
                  address: `aws_sqs_queue.queue_${index}`,
                  before: { tags: { Owner: `a${unit}` } },
                  after: { tags: { Owner: `b${unit}` } },
                }))
              : []),
          ],
        }),
      })),
    });
    const html = await renderHtml(review);
    for (const index of [0, 0.3, 0.6, 1]) {
      const group = review.groups[Math.floor((review.groups.length - 1) * index)];
      await chromium.open(html, { hash: `#c-${group?.id}` }, async ({ page: open }) => {
        await open.waitForTimeout(700);
        const top = Number(await open.evaluate(`document.getElementById('c-${group?.id}').getBoundingClientRect().top`));
        const under = Number(await open.evaluate(`document.getElementById('flt').getBoundingClientRect().bottom`));
        // At the end of the page there is nothing left to scroll.
        expect(top).toBeGreaterThanOrEqual(under - 1);
        expect(top).toBeLessThan(index === 1 ? 780 : 200);
      });
    }
  }, 600_000);

  test('a finding leads to its change, the theme can be chosen', async () => {
    await chromium.open(page, { colorScheme: 'light' }, async ({ page: open }) => {
      await open.locator('.f a', { hasText: 'aws_subnet.private_a' }).click();
      expect(await open.evaluate(`document.querySelector('.ch[open] b').textContent`)).toBe('private_a');
      const background = `getComputedStyle(document.body).backgroundColor`;
      const light = await open.evaluate(background);
      await open.locator('#theme').click();
      expect(await open.evaluate(background)).toBe(light);
      await open.locator('#theme').click();
      expect(await open.evaluate(background)).not.toBe(light);
    });
  });
});
