import { readFileSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { buildReview } from '../../../terrace/review/model/build';
import { renderHtml } from '../../../terrace/review/render/html/html-page';
import { reviewOf } from '../../review/_fixtures/bundle-of';
import { olechkaChange } from '../../review/_fixtures/olechka-change';
import { planOf } from '../../review/_fixtures/plan-of';
import { xssCorpus, xssSource } from '../../review/_fixtures/xss';

import { InChromium, picture, until } from './in-chromium';

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

test('what a change opens to is, element by element, what stands there without the script', async () => {
  const bodies = `[...document.querySelectorAll('#changes .ch')].map((card) => card.querySelector('.body').outerHTML)`;
  let plain: readonly string[] = [];
  await chromium.open(page, { javaScriptEnabled: false }, async ({ page: open }) => {
    plain = await open.evaluate<readonly string[]>(bodies);
  });
  expect(plain.length).toBeGreaterThan(5);
  await chromium.open(page, {}, async ({ page: open }) => {
    await open.evaluate(`for (const one of document.querySelectorAll('#changes .ch')) one.open = true`);
    await open.waitForTimeout(100);
    expect(await open.evaluate(bodies)).toEqual(plain);
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

describe('the first 400 pixels', () => {
  const { units, bundle } = olechkaChange;
  const production = {
    bundle,
    units: units
      .filter(({ path }) => path.startsWith('olechka/dev/eu-central-1/'))
      .map((unit) => ({ ...unit, path: unit.path.replace('/dev/', '/production/'), account: '025066254478' })),
  };
  const review = buildReview(production, {
    commit: {
      author: 'Olena <olena@example.org>',
      subject: 'Give the private subnets another block',
      link: 'https://github.com/o/r/commit/1',
    },
    facts: { 'olechka/production': { account: '025066254478', protected: true } },
    standing: {
      rules: '0123456789ab',
      now: new Date(bundle.createdAt),
      sandbox: false,
      approvals: [
        {
          environment: 'olechka/production',
          needed: 2,
          given: ['ihor@example.org'],
          approvers: ['ihor@example.org', 'maria@example.org'],
          freeze: 'fri 18:00–23:00 Europe/Kyiv: nobody is there',
        },
      ],
    },
  });

  test.each([390, 1024, 1600])(
    'of a window %i pixels wide hold system, environment, region, account, numbers, the worst finding and the next command',
    async (width) => {
      const html = await renderHtml(review);
      for (const colorScheme of width === 390 ? (['light', 'dark'] as const) : (['light'] as const))
        await chromium.open(html, { colorScheme, viewport: { width, height: 400 } }, async ({ page: open }) => {
          // Text nodes by where they end on the page; what is cut off by its box counts as not there.
          const shown = await open.evaluate<string>(`(() => {
            const walker = document.createTreeWalker(document.querySelector('.vd'), NodeFilter.SHOW_TEXT);
            let text = '';
            for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
              const range = document.createRange();
              range.selectNodeContents(node);
              const { bottom, height } = range.getBoundingClientRect();
              if (height > 0 && bottom <= 400) text += node.textContent + ' ';
            }
            return text.replaceAll(/\\s+/g, ' ');
          })()`);
          for (const part of [
            'PRODUCTION',
            'olechka/production',
            'eu-central-1',
            '025066254478',
            '2 to replace, 4 to change, 1 to create',
            'high',
            'A policy allows a new action',
            `terrace approve bundle --hash ${bundle.hash.slice(0, 12)} --key <your key>`,
          ])
            expect({ part, shown: shown.includes(part) ? part : shown }).toEqual({ part, shown: part });
          expect(await open.evaluate(`getComputedStyle(document.querySelector('.prod')).backgroundColor`)).toBe(
            colorScheme === 'light' ? 'rgb(179, 23, 44)' : 'rgb(194, 37, 59)',
          );
        });
    },
  );

  test('the end says who may approve, how many are needed and given, the freeze, the expiry and the command', async () => {
    await chromium.open(await renderHtml(review), {}, async ({ page: open }) => {
      const end = await open.locator('#next').innerText();
      expect(end).toContain('olechka/production: 1 of 2 approvals, by ihor@example.org; maria@example.org may approve');
      expect(end).toContain('frozen now: fri 18:00–23:00 Europe/Kyiv: nobody is there');
      expect(end).toContain(`terrace approve bundle --hash ${bundle.hash.slice(0, 12)}`);
      expect(end).toMatch(/Expires \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
      expect(end).toContain(bundle.hash);
    });
  });
});

describe('on paper', () => {
  test('everything is open in the light theme, and the order of apply is no wider than the sheet', async () => {
    await chromium.open(page, { colorScheme: 'dark', viewport: { width: 700, height: 900 } }, async ({ page: open }) => {
      await open.locator('#theme').click();
      await open.locator('#theme').click();
      await open.emulateMedia({ media: 'print' });
      await open.evaluate(`window.dispatchEvent(new Event('beforeprint'))`);
      expect(await open.evaluate(`document.querySelectorAll('.ch:not([open])').length`)).toBe(0);
      expect(await open.evaluate(`getComputedStyle(document.body).colorScheme`)).toBe('light');
      expect(await open.evaluate(`getComputedStyle(document.querySelector('.sv')).printColorAdjust`)).toBe('exact');
      expect(
        Number(await open.evaluate(`document.querySelector('.graph svg').getBoundingClientRect().right - innerWidth`)),
      ).toBeLessThanOrEqual(0);
      await open.evaluate(`window.dispatchEvent(new Event('afterprint'))`);
      expect(await open.evaluate(`document.querySelectorAll('.ch[open]').length`)).toBe(0);
      expect(await open.evaluate(`document.documentElement.dataset.theme`)).toBe('dark');
    });
  });
});

test('an underline stands below the underscores of the name that it is under', async () => {
  await chromium.open(page, {}, async ({ page: open }) => {
    expect(await open.evaluate(`parseFloat(getComputedStyle(document.querySelector('.f a')).textUnderlineOffset)`)).toBeGreaterThan(3);
  });
});

describe('filters and links', () => {
  test('every choice counts what it would show beside the other filters', async () => {
    await chromium.open(page, {}, async ({ page: open }) => {
      for (const box of ['#ft', '#fu', '#ff']) {
        const options = await open.evaluate<readonly { readonly value: string; readonly text: string }[]>(
          `[...document.querySelectorAll('${box} option[data-label]')].map(({ value, textContent }) => ({ value, text: textContent }))`,
        );
        expect(options.length).toBeGreaterThan(2);
        for (const { value, text } of options) {
          await open.locator(box).selectOption(value);
          expect(`${text} shows ${String(await open.evaluate(`${shownCards}.length`))}`).toBe(
            `${text} shows ${/\((\d+)\)$/.exec(text)?.[1]}`,
          );
        }
        await open.locator('#rst').click();
        await until(open, `document.querySelector('#cnt').textContent === '7 changes'`);
      }
      await open.locator('.tg.a-replace').click();
      expect(await open.locator('.tg.a-replace').innerText()).toMatch(/2$/);
      expect(await open.locator('.tg.a-update').innerText()).toMatch(/^~ change\s+\d/);
      expect(await open.evaluate(`document.querySelector('#ft option[value=aws_vpc]').textContent`)).toBe('aws_vpc (0)');
    });
  });

  test('a change that a link leads to says which unit it is of, in sight', async () => {
    const [first] = buildReview(olechkaChange).groups;
    await chromium.open(page, { hash: `#c-${first?.id}` }, async ({ page: open }) => {
      await open.waitForTimeout(500);
      const unit = open.locator('.ch[open] .mem b');
      expect(await unit.innerText()).toBe(first?.members[0]?.unit);
      const box = await unit.boundingBox();
      expect(box?.y).toBeGreaterThan(0);
      expect(box?.y).toBeLessThan(800);
    });
  });

  test('derived tags, regions that nobody wrote and digests at the end of a name are folded, and can be opened', async () => {
    const html = await renderHtml(
      reviewOf([
        {
          address: 'aws_lb_target_group.api',
          before: { name: 'api-3f2a9c', port: 80, region: 'eu-central-1', tags: { A: '1' }, tags_all: { A: '1' } },
          after: { name: 'api-81bc22', port: 81, region: 'eu-west-1', tags: { A: '2' }, tags_all: { A: '2' } },
          refers: { port: [] },
        },
      ]),
    );
    await chromium.open(html, {}, async ({ page: open }) => {
      await open.locator('.ch summary').first().click();
      const body = open.locator('.ch[open] .body');
      const rows = `[...document.querySelectorAll('.ch[open] .body > .at > tbody > tr th .p')].map((one) => one.textContent)`;
      expect(await open.evaluate(rows)).toEqual(['port', 'region', 'tags.A']);
      await body.locator('.more > summary').click();
      expect(await body.locator('.more').innerText()).toMatch(/2 folded attributes: name, tags_all[\s\S]*api-3f2a9c/);
    });
  });
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
      const staging = await open.evaluate<string>(
        `[...document.querySelectorAll('#fu option')].find(({ dataset }) => dataset.label === 'olechka/staging/eu-central-1/monitoring/cloudwatch').value`,
      );
      await open.locator('#fu').selectOption(staging);
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
