// The page's own script, embedded as it stands here. It writes text only; the one markup that it reads stands in the page already.
'use strict';
(() => {
  const $ = (id) => document.getElementById(id);
  const cards = [...document.querySelectorAll('#changes .ch')];
  const sections = [...document.querySelectorAll('.us')];
  const form = $('flt');

  // A change's body is text until it is opened, or until there is nothing else to do. It is read here, since the page's policy lets nothing
  // become markup: elements and attributes of the page's own kinds, and text.
  const characters = { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' };
  const decoded = (text) => text.replace(/&(lt|gt|quot|#39|amp);/g, (_, name) => characters[name]);
  const kinds = new Set('a b caption code details div li p span strong summary table tbody td th thead tr ul'.split(' '));
  const attribute = /^(?:class|id|title|scope|colspan|open|role|aria-[a-z]+)$/;
  const built = (markup) => {
    const root = document.createDocumentFragment();
    let at = root;
    for (const [, text, end, kind, attributes] of markup.matchAll(/([^<]+)|<(\/?)([a-z]+)((?:\s+[a-z-]+(?:="[^"]*")?)*)>/g)) {
      if (text !== undefined) at.append(decoded(text));
      else if (end !== '') at = at.parentNode ?? root;
      else {
        const element = document.createElement(kinds.has(kind) ? kind : 'span');
        for (const [, name, value = ''] of attributes.matchAll(/([a-z-]+)(?:="([^"]*)")?/g)) {
          if (attribute.test(name) || (name === 'href' && value.startsWith('#'))) element.setAttribute(name, decoded(value));
        }
        at.append(element);
        at = element;
      }
    }
    return root;
  };
  const unread = (card) => card.querySelector(':scope > noscript');
  const fill = (card) => {
    const source = unread(card);
    if (source !== null) source.replaceWith(built(source.textContent));
  };
  const plain = (markup) => decoded(markup.replace(/<(?:"[^"]*"|[^>"])*>/g, ''));

  const texts = new WeakMap();
  const textOf = (card) => {
    let text = texts.get(card);
    if (text === undefined) {
      const head = [...card.parentElement.children].filter((one) => one.tagName !== 'DETAILS').map((one) => one.textContent);
      const source = unread(card);
      const own = source === null ? card.textContent : `${card.querySelector('summary').textContent}${plain(source.textContent)}`;
      text = `${head.join(' ')} ${own}`.toLowerCase();
      texts.set(card, text);
    }
    return text;
  };

  // Theme: what the system says, until somebody chooses.
  const themes = ['auto', 'light', 'dark'];
  const button = $('theme');
  const setTheme = (name) => {
    if (name === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = name;
    button.textContent = `theme: ${name}`;
  };
  button.hidden = false;
  button.addEventListener('click', () =>
    setTheme(themes[(themes.indexOf(document.documentElement.dataset.theme ?? 'auto') + 1) % themes.length]),
  );

  const state = () => ({
    text: $('q').value.trim().toLowerCase(),
    actions: [...form.querySelectorAll('input[name="a"]:checked')].map((box) => box.value),
    unit: $('fu').value,
    type: $('ft').value,
    finding: $('ff') === null ? '' : $('ff').value,
    fold: $('fn') !== null && $('fn').checked,
  });

  const shows = (card, wanted) => {
    const { a, t, u, r, s, n } = card.dataset;
    if (wanted.fold && n === '1' && wanted.text === '' && wanted.finding === '' && !wanted.actions.includes(a)) return false;
    if (wanted.actions.length > 0 && !wanted.actions.includes(a)) return false;
    if (wanted.type !== '' && t !== wanted.type) return false;
    if (wanted.unit !== '' && !u.split(' ').includes(wanted.unit)) return false;
    if (wanted.finding === '*' && r === undefined) return false;
    if (wanted.finding.startsWith('severity:')) {
      if (s !== wanted.finding.slice(9)) return false;
    } else if (wanted.finding !== '' && wanted.finding !== '*' && !(r ?? '').split(' ').includes(wanted.finding)) return false;
    return wanted.text === '' || wanted.text.split(/\s+/).every((word) => textOf(card).includes(word));
  };

  // Every choice says how many changes it would show beside the other filters.
  const counted = (box, wanted, keysOf) => {
    if (box === null) return;
    const counts = new Map();
    for (const card of cards) if (shows(card, wanted)) for (const key of keysOf(card.dataset)) counts.set(key, (counts.get(key) ?? 0) + 1);
    for (const option of box.options)
      if (option.dataset.label !== undefined) option.textContent = `${option.dataset.label} (${counts.get(option.value) ?? 0})`;
  };
  const countChoices = (wanted) => {
    counted($('fu'), { ...wanted, unit: '' }, ({ u }) => u.split(' '));
    counted($('ft'), { ...wanted, type: '' }, ({ t }) => [t]);
    counted($('ff'), { ...wanted, finding: '', fold: false }, ({ r, s }) =>
      r === undefined ? [] : ['*', `severity:${s}`, ...r.split(' ')],
    );
    const anyAction = { ...wanted, actions: [], fold: false };
    for (const label of form.querySelectorAll('[data-count]'))
      label.textContent = cards.filter((card) => card.dataset.a === label.dataset.count && shows(card, anyAction)).length;
  };

  const apply = () => {
    const wanted = state();
    countChoices(wanted);
    let shown = 0;
    for (const card of cards) {
      const visible = shows(card, wanted);
      card.hidden = !visible;
      if (visible) shown++;
    }
    for (const section of sections) section.hidden = section.querySelector('.ch:not([hidden])') === null;
    $('cnt').textContent =
      shown === cards.length
        ? `${cards.length.toLocaleString('en')} changes`
        : `${shown.toLocaleString('en')} of ${cards.length.toLocaleString('en')} changes`;
    $('nothing').hidden = shown > 0;
  };

  // The filter stands in the address, so that it can be sent to somebody.
  const remember = () => {
    const wanted = state();
    const query = new URLSearchParams();
    if (wanted.text !== '') query.set('text', wanted.text);
    if (wanted.actions.length > 0) query.set('action', wanted.actions.join(','));
    if (wanted.unit !== '') query.set('unit', $('fu').selectedOptions[0].dataset.label);
    if (wanted.type !== '') query.set('type', wanted.type);
    if (wanted.finding !== '') query.set('finding', wanted.finding);
    const text = query.toString();
    try {
      history.replaceState(null, '', text === '' ? location.pathname + location.search : `#!${text}`);
    } catch {
      // Some viewers of files refuse it; the filter works without.
    }
  };

  const select = (box, value, by) => {
    if (box === null) return;
    const option = [...box.options].find((one) => by(one) === value);
    box.value = option === undefined ? '' : option.value;
  };

  const restore = (text) => {
    const query = new URLSearchParams(text);
    $('q').value = query.get('text') ?? '';
    const actions = (query.get('action') ?? '').split(',');
    for (const box of form.querySelectorAll('input[name="a"]')) box.checked = actions.includes(box.value);
    select($('fu'), query.get('unit') ?? '', (one) => one.dataset.label ?? '');
    select($('ft'), query.get('type') ?? '', (one) => one.value);
    select($('ff'), query.get('finding') ?? '', (one) => one.value);
    apply();
  };

  // What comes into sight takes its real height only then, and moves what was scrolled to: look again until it rests.
  const bring = (target, block) => {
    // The filter keeps to the top of the window in one line or two, and covers what is under it.
    const covers = form !== null && getComputedStyle(form).position === 'sticky';
    document.documentElement.style.scrollPaddingTop = covers ? `${form.offsetHeight + 12}px` : '';
    let before;
    let frames = 30;
    let rests = 0;
    const settle = () => {
      const { top } = target.getBoundingClientRect();
      rests = top === before ? rests + 1 : 0;
      if (rests === 2 || frames-- === 0) return;
      target.scrollIntoView({ block, behavior: 'instant' });
      before = target.getBoundingClientRect().top;
      requestAnimationFrame(settle);
    };
    settle();
  };

  const follow = () => {
    const hash = location.hash.slice(1);
    if (hash.startsWith('!')) {
      if (form === null) return;
      restore(hash.slice(1));
      bring($('changes'), 'start');
      return;
    }
    const target = hash === '' ? null : $(hash);
    if (target === null) return;
    for (let at = target; at !== null; at = at.parentElement) {
      if (at.tagName === 'DETAILS') at.open = true;
      if (at.classList.contains('ch')) fill(at);
      if (at.hidden && form !== null) {
        form.reset();
        if ($('fn') !== null) $('fn').checked = false;
        apply();
      }
    }
    bring(target, 'start');
    const summary = target.querySelector(':scope > summary');
    if (summary !== null) summary.focus({ preventScroll: true });
  };

  if (form !== null) {
    form.hidden = false;
    let waiting;
    $('q').addEventListener('input', () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        apply();
        remember();
      }, 80);
    });
    form.addEventListener('change', (event) => {
      // The text's own `change` comes when it loses focus, perhaps to a link whose address must not be written over.
      if (event.target === $('q')) return;
      apply();
      remember();
    });
    form.addEventListener('submit', (event) => {
      event.preventDefault();
    });
    form.addEventListener('reset', () =>
      setTimeout(() => {
        apply();
        remember();
      }, 0),
    );
    const most = 300;
    $('open').addEventListener('click', () => {
      const visible = cards.filter((card) => !card.hidden);
      const opening = visible.some((card) => !card.open);
      for (const card of opening ? visible.slice(0, most) : visible) card.open = opening;
      $('open').textContent = opening ? 'close all' : 'open all';
      if (opening && visible.length > most) $('cnt').textContent = `the first ${most} of ${visible.length.toLocaleString('en')} are open`;
    });
    for (const link of document.querySelectorAll('a[data-unit]')) {
      link.addEventListener('click', (event) => {
        event.preventDefault();
        form.reset();
        setTimeout(() => {
          select($('fu'), link.dataset.unit, (one) => one.dataset.label ?? '');
          apply();
          remember();
          bring($('changes'), 'start');
        }, 0);
      });
    }
    apply();
  }

  // On paper: the light theme, and everything open, as it was afterwards.
  let printed;
  window.addEventListener('beforeprint', () => {
    for (const card of cards) fill(card);
    const closed = [...document.querySelectorAll('details:not([open])')];
    printed = { theme: document.documentElement.dataset.theme ?? 'auto', closed };
    setTheme('light');
    for (const one of closed) one.open = true;
  });
  window.addEventListener('afterprint', () => {
    setTheme(printed.theme);
    for (const one of printed.closed) one.open = false;
  });

  const go = (list, step) => {
    const visible = list.filter((one) => !one.hidden);
    if (visible.length === 0) return;
    const from = document.activeElement === null ? null : document.activeElement.closest('.ch, .f');
    const index = from === null ? -1 : visible.indexOf(from);
    const next = visible[Math.min(visible.length - 1, Math.max(0, index < 0 && step < 0 ? 0 : index + step))];
    const focus = next.querySelector('summary, a, h3');
    if (focus.tagName === 'H3') focus.tabIndex = -1;
    focus.focus({ preventScroll: true });
    bring(next, 'center');
  };
  $('keys').hidden = false;
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = ['INPUT', 'SELECT', 'TEXTAREA'].includes(event.target.tagName) && event.target.type !== 'checkbox';
    if (event.key === 'Escape' && event.target === $('q')) {
      $('q').value = '';
      apply();
      remember();
      $('q').blur();
      return;
    }
    if (typing) {
      if (event.key === 'Enter' && event.target === $('q')) {
        event.preventDefault();
        apply();
        remember();
        go(cards, 1);
      }
      return;
    }
    if (event.key === '/' && form !== null) {
      event.preventDefault();
      $('q').focus();
      $('q').select();
    } else if (event.key === 'j') go(cards, 1);
    else if (event.key === 'k') go(cards, -1);
    else if (event.key === 'n') go([...document.querySelectorAll('.f')], 1);
    else if (event.key === 'p') go([...document.querySelectorAll('.f')], -1);
  });

  $('changes').addEventListener(
    'toggle',
    ({ target }) => {
      if (target.classList.contains('ch')) fill(target);
    },
    true,
  );
  const whenIdle = window.requestIdleCallback ?? ((run) => setTimeout(() => run({ timeRemaining: () => 10 }), 50));
  let filled = 0;
  // The browser's own search finds what is there: a change that nobody opened as well.
  const fillOn = (deadline) => {
    while (filled < cards.length && deadline.timeRemaining() > 1) fill(cards[filled++]);
    if (filled < cards.length) whenIdle(fillOn);
  };
  window.addEventListener('load', () => whenIdle(fillOn));

  window.addEventListener('hashchange', follow);
  if (location.hash !== '') follow();
})();
