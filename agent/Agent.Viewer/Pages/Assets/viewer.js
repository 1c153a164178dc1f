// What pages do beyond links and forms: local times, a live list, keys, and the waterfall. Nothing here is needed to read a page.
'use strict';
document.documentElement.classList.add('js');
const $ = (selector, from = document) => from.querySelector(selector);
const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];

// Times in the reader's zone

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3, hour12: false });
const day = new Intl.DateTimeFormat(undefined, { year: 'numeric', month: 'short', day: 'numeric' });

function localTimes(from = document) {
  for (const time of $$('time[datetime]', from)) {
    const moment = new Date(time.dateTime);
    if (isNaN(moment)) continue;
    const isToday = moment.toDateString() === new Date().toDateString();
    time.textContent = isToday ? clock.format(moment) : `${day.format(moment)}, ${clock.format(moment)}`;
    time.title = `${moment.toLocaleString()} (${time.dateTime})`;
  }
}

// Fields for a time: the address has UTC, the reader sees and writes their own.
for (const field of $$('input[type=datetime-local]')) {
  const pad = number => String(number).padStart(2, '0');
  if (field.value) {
    const moment = new Date(field.value + 'Z');
    field.value = `${moment.getFullYear()}-${pad(moment.getMonth() + 1)}-${pad(moment.getDate())}T${pad(moment.getHours())}:${pad(moment.getMinutes())}:${pad(moment.getSeconds())}`;
  }
  field.form.addEventListener('formdata', event => {
    const moment = new Date(field.value);
    if (isNaN(moment)) event.formData.delete(field.name);
    else event.formData.set(field.name, moment.toISOString());
  });
}
for (const zone of $$('.zone')) zone.textContent = Intl.DateTimeFormat().resolvedOptions().timeZone;
localTimes();

// Keys

const help = $('#help');
$('#help-button')?.addEventListener('click', () => help.showModal());
const keys = {};
document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const isWriting = event.target.matches?.('input, textarea, select');
  if (isWriting && event.key !== 'Escape') return;
  if (help.open) return;
  if (event.key === '?') help.showModal();
  else if (keys[event.key]?.(event) !== undefined) event.preventDefault();
});

// The list

const live = $('#live');
if (live) {
  $('#filter-help'); // the syntax stands in the page
  keys['/'] = () => { $('#q').focus(); $('#q').select(); return true; };
  keys.Escape = () => { document.activeElement?.blur(); return true; };
  const move = step => () => {
    const links = $$('#rows .to');
    const at = links.indexOf(document.activeElement?.closest('tr')?.querySelector('.to'));
    const to = links[at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.max(0, Math.min(links.length - 1, at + step))];
    to?.focus();
    to?.scrollIntoView({ block: 'nearest' });
    return true;
  };
  keys.ArrowDown = keys.j = move(1);
  keys.ArrowUp = keys.k = move(-1);

  let version = live.dataset.version;
  let waiting = null; // what has come while the reader was reading
  const news = $('#news');
  const newest = () => Math.max(-1, ...$$('#rows tr').map(row => +row.dataset.n));
  // Somebody reads: has scrolled, points at a row, or has one in focus. Then nothing moves.
  const isReading = () => scrollY > 60 || live.matches(':hover') || live.contains(document.activeElement) || !getSelection().isCollapsed;

  function show(fresh) {
    const seen = new Set($$('#rows tr').map(row => row.id));
    const focused = document.activeElement?.closest?.('#rows tr')?.id;
    const atFirst = seen.size === 0;
    live.replaceChildren(...fresh.childNodes);
    for (const row of $$('#rows tr')) if (!atFirst && !seen.has(row.id)) row.classList.add('fresh');
    if (focused) document.getElementById(focused)?.querySelector('.to')?.focus({ preventScroll: true });
    news.hidden = true;
    waiting = null;
  }

  // Rows that are there get their new figures (more spans have come); those that are new wait for a click.
  function update(fresh) {
    const known = newest();
    for (const row of $$('#rows tr', fresh)) {
      const old = document.getElementById(row.id);
      if (old && old.innerHTML !== row.innerHTML && !old.contains(document.activeElement)) { old.className = row.className; old.innerHTML = row.innerHTML; }
    }
    const count = $$('#rows tr', fresh).filter(row => +row.dataset.n > known && !document.getElementById(row.id)).length;
    waiting = fresh;
    if (count > 0) {
      news.hidden = false;
      news.textContent = count === 1 ? '1 new trace' : `${count} new traces`;
      $('#said').textContent = news.textContent;
    }
  }

  news.addEventListener('click', () => { if (waiting) { show(waiting.cloneNode(true)); } scrollTo({ top: 0 }); });

  async function poll() {
    try {
      const address = new URL('/live' + location.search, location.href);
      address.searchParams.set('version', version);
      if (!document.hidden) {
        const answer = await fetch(address);
        if (answer.status === 200) {
          const text = await answer.text();
          const page = new DOMParser().parseFromString(text, 'text/html');
          const fresh = page.getElementById('live');
          version = fresh.dataset.version;
          localTimes(fresh);
          $('#state').innerHTML = page.getElementById('state').innerHTML;
          localTimes($('#state'));
          const choices = page.getElementById('choices');
          if (!$('#choices').contains(document.activeElement) && $('#choices').innerHTML !== choices.innerHTML) $('#choices').innerHTML = choices.innerHTML;
          if (isReading() && $('#rows')) update(fresh); else show(fresh);
        }
        document.body.classList.remove('offline');
      }
    } catch {
      document.body.classList.add('offline');
    }
    setTimeout(poll, 1000);
  }
  setTimeout(poll, 1000);
}

// One trace

const duration = nano => {
  if (nano === 0) return '0';
  for (const [limit, unit, digits, name] of [[999.5, 1, 0, 'ns'], [9.95e3, 1e3, 1, 'µs'], [999.5e3, 1e3, 0, 'µs'], [9.995e6, 1e6, 2, 'ms'], [99.95e6, 1e6, 1, 'ms'], [999.5e6, 1e6, 0, 'ms'], [59.95e9, 1e9, 1, 's']])
    if (nano < limit) return `${(nano / unit).toFixed(digits)} ${name}`;
  const seconds = Math.round(nano / 1e9);
  return seconds < 3600 ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} min` : `${Math.floor(seconds / 3600)}:${String(Math.floor(seconds / 60) % 60).padStart(2, '0')} h`;
};

const trace = $('#trace');
if (trace) {
  const tree = $('#tree');
  const rows = $$('.r', tree);
  const level = row => +row.getAttribute('aria-level');
  const isOpen = row => row.getAttribute('aria-expanded') === 'true';
  const say = text => { $('#said').textContent = text; };

  // Which rows show, from what is open: a chain hides its hooks only, every other row all that is below it.
  function layOut() {
    let hiddenBelow = Infinity;
    let chain = null;
    for (const row of rows) {
      const depth = level(row);
      if (depth <= hiddenBelow) hiddenBelow = Infinity;
      const isBelow = hiddenBelow < Infinity;
      if (!row.classList.contains('member')) chain = null;
      row.hidden = isBelow || (row.classList.contains('member') && chain !== null && !isOpen(chain));
      if (row.classList.contains('chain')) chain = row;
      else if (!isBelow && row.getAttribute('aria-expanded') === 'false') hiddenBelow = depth;
    }
    for (const block of tree.children) measure(block);
  }

  // How high a block is that is out of sight and not laid out.
  function measure(block) {
    let shown = 0;
    for (const row of block.children) if (!row.hidden) shown++;
    block.classList.toggle('none', shown === 0);
    block.style.containIntrinsicSize = `auto ${shown * 24}px`;
  }

  function open(row, isOpened) {
    row.setAttribute('aria-expanded', isOpened);
    layOut();
  }

  // Opens whatever hides a row.
  function reveal(row) {
    let depth = level(row);
    for (let i = rows.indexOf(row) - 1; i >= 0; i--) {
      const above = rows[i];
      const isItsChain = above.classList.contains('chain') && row.classList.contains('member') && level(above) < level(row);
      if (level(above) < depth) { depth = level(above); if (above.hasAttribute('aria-expanded') && (isItsChain || !above.classList.contains('chain'))) above.setAttribute('aria-expanded', 'true'); }
    }
    layOut();
  }

  // Moving from row to row: one of them is in the order of tabs, and the links inside are not. There may be thousands, and it is not urgent.
  let active = rows.find(row => !row.hidden);
  if (active) active.tabIndex = 0;
  (window.requestIdleCallback ?? setTimeout)(() => { for (const link of $$('.nm a', tree)) link.tabIndex = -1; });

  function go(row, isFocused = true) {
    if (!row) return;
    active?.removeAttribute('tabindex');
    active = row;
    row.tabIndex = 0;
    if (isFocused) row.focus({ preventScroll: true });
    row.scrollIntoView({ block: 'nearest' });
  }

  const shown = (from, step) => {
    for (let i = rows.indexOf(from) + step; i >= 0 && i < rows.length; i += step) if (!rows[i].hidden) return rows[i];
    return null;
  };

  // Details

  const details = $('#details');
  async function showDetails(row, isFocused) {
    if (row.id.includes('-')) { open(row, !isOpen(row)); return; }
    for (const chosen of $$('.chosen', tree)) chosen.classList.remove('chosen');
    row.classList.add('chosen');
    const answer = await fetch(`/trace/${trace.dataset.id}/span/${row.id}`);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    details.replaceChildren(...page.body.childNodes);
    localTimes(details);
    details.scrollTop = 0;
    trace.classList.add('with-details');
    const address = new URL(location.href);
    address.searchParams.set('span', row.id);
    address.hash = row.id;
    history.replaceState(null, '', address);
    if (isFocused) say($('#details-title').textContent);
  }

  function closeDetails() {
    details.replaceChildren();
    trace.classList.remove('with-details');
    for (const chosen of $$('.chosen', tree)) chosen.classList.remove('chosen');
    const address = new URL(location.href);
    address.searchParams.delete('span');
    address.hash = '';
    history.replaceState(null, '', address);
    if (active) go(active);
  }

  tree.addEventListener('click', event => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || !getSelection().isCollapsed) return;
    const row = event.target.closest('.r');
    if (!row) return;
    event.preventDefault();
    go(row);
    if (event.target.matches('.tw') && row.hasAttribute('aria-expanded')) open(row, !isOpen(row));
    else showDetails(row);
  });
  $('#fold').addEventListener('click', event => {
    event.preventDefault();
    const folds = rows.filter(row => row.matches('.chain, .repeat'));
    const opens = folds.some(row => !isOpen(row));
    for (const row of rows) if (row.hasAttribute('aria-expanded')) row.setAttribute('aria-expanded', row.matches('.chain, .repeat') ? opens : true);
    layOut();
    event.target.textContent = opens ? 'fold' : 'unfold all';
  });
  document.addEventListener('click', async event => {
    const link = event.target.closest('a');
    if (!link || event.ctrlKey || event.metaKey) return;
    if (link.matches('.close')) { event.preventDefault(); closeDetails(); }
    else if (link.matches('.pick')) { event.preventDefault(); const row = document.getElementById(link.hash.slice(1)); reveal(row); go(row); showDetails(row); }
    else if (!navigator.clipboard) return; // there is none but on this machine or with TLS: the links do what links do
    else if (link.matches('#copy-json')) { event.preventDefault(); await copy(await (await fetch(link.href)).text(), link); }
    else if (link.matches('#copy-link')) { event.preventDefault(); await copy(link.href, link); }
  });
  async function copy(text, button) {
    await navigator.clipboard.writeText(text);
    const old = button.textContent;
    button.textContent = 'copied';
    say('Copied');
    setTimeout(() => { button.textContent = old; }, 1500);
  }

  keys.ArrowDown = keys.j = () => { go(document.activeElement === active ? shown(active, 1) : active); return true; };
  keys.ArrowUp = keys.k = () => { go(document.activeElement === active ? shown(active, -1) : active); return true; };
  keys.Home = () => { if (document.activeElement !== active) return; go(rows.find(row => !row.hidden)); return true; };
  keys.End = () => { if (document.activeElement !== active) return; go(rows.findLast(row => !row.hidden)); return true; };
  keys.ArrowRight = () => {
    if (document.activeElement !== active || !active.hasAttribute('aria-expanded')) return;
    if (isOpen(active)) go(shown(active, 1)); else open(active, true);
    return true;
  };
  keys.ArrowLeft = () => {
    if (document.activeElement !== active) return;
    if (isOpen(active)) { open(active, false); return true; }
    for (let i = rows.indexOf(active) - 1; i >= 0; i--) if (level(rows[i]) < level(active)) { go(rows[i]); break; }
    return true;
  };
  keys.Enter = () => { if (document.activeElement !== active) return; showDetails(active, true); return true; };
  keys.Escape = () => { if (details.childElementCount) closeDetails(); else document.activeElement?.blur(); return true; };
  keys.t = () => { const row = $('.threw.r', tree); if (row) { reveal(row); go(row); showDetails(row); } return true; };

  // Find: the server looks into everything that the spans say.

  const field = $('#find');
  let found = rows.filter(row => row.classList.contains('found'));
  let at = -1;
  let asked = 0;
  async function find() {
    const text = field.value.trim();
    const number = ++asked;
    const ids = text === '' ? new Set() : new Set((await (await fetch(`/trace/${trace.dataset.id}/find?q=${encodeURIComponent(text)}`)).text()).split(' '));
    if (number !== asked) return;
    found = rows.filter(row => ids.has(row.id));
    for (const row of rows) row.classList.toggle('found', ids.has(row.id));
    at = -1;
    $('#found').textContent = text === '' ? '' : `${found.length} found`;
    if (found.length) next(1, false);
  }
  function next(step, isFocused = true) {
    if (!found.length) return;
    at = (at + step + found.length) % found.length;
    for (const row of $$('.current', tree)) row.classList.remove('current');
    found[at].classList.add('current');
    reveal(found[at]);
    go(found[at], isFocused);
    $('#found').textContent = `${at + 1} of ${found.length}`;
  }
  field.addEventListener('input', find);
  $('#find-form').addEventListener('submit', event => { event.preventDefault(); next(1, false); });
  keys['/'] = () => { field.focus(); field.select(); return true; };
  keys.n = () => { next(1); return true; };
  keys.p = () => { next(-1); return true; };

  // Zoom: a part of the time, 0 to 1000, for all bars at once.

  const total = +trace.dataset.nano;
  let [from, to] = [0, 1000];
  const bars = $$('.w', tree);
  function zoom(newFrom, newTo) {
    const width = Math.min(1000, Math.max(newTo - newFrom, 0.01));
    from = Math.max(0, Math.min(newFrom, 1000 - width));
    to = from + width;
    const box = `${from} 0 ${width} 10`;
    for (const bar of bars) bar.setAttribute('viewBox', box);
    $('#shade-left').setAttribute('width', from);
    $('#shade-right').setAttribute('x', to);
    $('#shade-right').setAttribute('width', 1000 - to);
    $$('#ticks span').forEach((tick, i) => { tick.textContent = duration(total * (from + width * i / 4) / 1000); });
  }
  const scale = factor => { const [middle, half] = [(from + to) / 2, (to - from) / 2 * factor]; zoom(middle - half, middle + half); return true; };
  const pan = part => { const step = (to - from) * part; zoom(from + step, to + step); return true; };
  keys['+'] = keys['='] = () => scale(0.5);
  keys['-'] = () => scale(2);
  keys['0'] = () => { zoom(0, 1000); return true; };
  keys['['] = () => pan(-0.25);
  keys[']'] = () => pan(0.25);
  for (const button of $$('[data-zoom]'))
    button.addEventListener('click', () => ({ in: () => scale(0.5), out: () => scale(2), all: () => zoom(0, 1000) })[button.dataset.zoom]());
  tree.addEventListener('wheel', event => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    scale(event.deltaY > 0 ? 1.25 : 0.8);
  }, { passive: false });
  const minimap = $('#minimap svg');
  let start = null;
  const place = event => { const box = minimap.getBoundingClientRect(); return Math.max(0, Math.min(1000, (event.clientX - box.left) / box.width * 1000)); };
  minimap.addEventListener('pointerdown', event => { start = place(event); minimap.setPointerCapture(event.pointerId); });
  minimap.addEventListener('pointermove', event => { if (start !== null && Math.abs(place(event) - start) > 3) zoom(Math.min(start, place(event)), Math.max(start, place(event))); });
  minimap.addEventListener('pointerup', event => { if (start !== null && Math.abs(place(event) - start) <= 3) zoom(0, 1000); start = null; });

  // A link to a span opens it.
  let isTargetOpen = false;
  function openTarget() {
    const target = location.hash ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
    if (isTargetOpen || !target?.matches('#tree .r')) return;
    isTargetOpen = true;
    reveal(target);
    go(target, false);
    if (!details.childElementCount) showDetails(target);
  }
  for (const block of tree.children) measure(block);
  openTarget();

  // Of a very large trace the page has the first rows only; the others are added a few at a time, so that nothing stands still.
  async function addRest(rest) {
    const answer = await fetch(rest.dataset.href);
    if (!answer.ok) return;
    for (const text of (await answer.text()).split('<div class="block').slice(1)) {
      await new Promise(resume => { (window.requestIdleCallback ?? setTimeout)(resume); });
      const template = document.createElement('template');
      template.innerHTML = '<div class="block' + text;
      const block = template.content.firstElementChild;
      for (const row of block.children) {
        rows.push(row);
        const bar = row.querySelector('.w');
        bar.setAttribute('viewBox', `${from} 0 ${to - from} 10`);
        bars.push(bar);
        row.querySelector('.nm a').tabIndex = -1;
      }
      measure(block);
      tree.append(block);
    }
    rest.remove();
    layOut();
    openTarget();
    if (field.value.trim() !== '') find();
  }
  if ($('#rest')) addRest($('#rest'));
}
