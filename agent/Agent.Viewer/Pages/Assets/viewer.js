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
