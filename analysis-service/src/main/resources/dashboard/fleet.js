/** The fleet: what needs people first. Of ten thousand rows only those in sight are drawn. */
import {LitElement, html, nothing} from 'lit';
import {repeat} from 'lit/directives/repeat.js';
import {fleet, keyOf, attentionOf, rankOf} from './fleet-data.js';
import './hub.js';
import {ATTENTION, badge, brief, releaseWords, shortImages, sign, short, traffic} from './words.js';

const SPARE = 10;
const GROUPS = {attention: 'what needs people', cluster: 'cluster', namespace: 'cluster and namespace', none: 'nothing'};
const SORTED_PAUSE = 250;

class SerinusFleet extends LitElement {
  static properties = {query: {attribute: false}, top: {state: true}, focused: {state: true}};

  #items = [];
  #sortedAt = 0;
  #held = false;
  #moved = 0;
  #whole = false;
  #open = new Map();
  #phone = matchMedia('(max-width: 720px)');
  #counts = {};
  #later = 0;

  constructor() {
    super();
    this.query = new URLSearchParams();
    this.top = 0;
    this.focused = 0;
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    document.title = 'Fleet · Serinus';
    fleet.addEventListener('change', this.#changed);
    addEventListener('resize', this.#resized);
    addEventListener('keydown', this.#slash);
    this.#arrange();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    fleet.removeEventListener('change', this.#changed);
    removeEventListener('resize', this.#resized);
    removeEventListener('keydown', this.#slash);
    clearTimeout(this.#later);
  }

  willUpdate(changed) {
    if (changed.has('query')) this.#arrange();
  }

  /** Where each item begins, and where the last ends. */
  #tops() {
    const row = this.#phone.matches ? 86 : 48;
    if (this.#placed.items !== this.#items || this.#placed.row !== row) {
      const tops = new Float64Array(this.#items.length + 1);
      this.#items.forEach((item, at) => (tops[at + 1] = tops[at] + (item.group ? 36 : row)));
      this.#placed = {items: this.#items, row, tops};
    }
    return this.#placed.tops;
  }

  #placed = {};

  /** The item that is at this height. */
  #at(height) {
    const tops = this.#tops();
    let low = 0, high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (tops[middle + 1] <= height) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #resized = () => this.requestUpdate();

  /** What a row shows is new at once; where it stands, a little later, and never under somebody's hand. */
  #changed = () => {
    const since = performance.now() - this.#sortedAt;
    if (this.#held && this.#items.length && this.#whole) {
      this.#moved = this.#countMoved();
    } else if (since > SORTED_PAUSE || this.#items.length === 0) {
      this.#arrange();
    } else {
      clearTimeout(this.#later);
      this.#later = setTimeout(() => {
        if (!this.#held) this.#arrange();
        this.requestUpdate();
      }, SORTED_PAUSE - since);
    }
    this.requestUpdate();
  };

  #filters() {
    const get = (name) => this.query.get(name) ?? '';
    return {text: get('q').toLowerCase(), cluster: get('cluster'), namespace: get('namespace'), state: get('state'), group: GROUPS[get('group')] ? get('group') : 'attention'};
  }

  #matches(row, {text, cluster, namespace}) {
    return (!cluster || row.cluster === cluster) && (!namespace || row.namespace === namespace) &&
      (!text || keyOf(row).toLowerCase().includes(text) || releaseWords(row).includes(text) ||
        row.waitingFor.toLowerCase().includes(text) || row.phase.toLowerCase() === text);
  }

  #arrange() {
    this.#sortedAt = performance.now();
    this.#moved = 0;
    this.#whole = fleet.complete;
    const filters = this.#filters();
    const now = Date.now();
    const found = [];
    const counts = {};
    for (const row of fleet.rows.values()) {
      if (!this.#matches(row, filters)) continue;
      const attention = attentionOf(row, now);
      counts[attention] = (counts[attention] ?? 0) + 1;
      if (!filters.state || filters.state === attention) found.push({key: keyOf(row), attention, rank: rankOf(attention), row});
    }
    this.#counts = counts;
    found.sort((a, b) => a.rank - b.rank ||
      (a.rank === 0 ? b.row.canaryWeight - a.row.canaryWeight : 0) ||
      (a.rank === 2 ? (a.row.updatedAt < b.row.updatedAt ? -1 : 1) : 0) ||
      (a.key < b.key ? -1 : 1));
    this.#items = this.#grouped(found, filters.group);
  }

  #grouped(found, group) {
    if (group === 'none') return found;
    const name = {
      attention: (it) => it.attention,
      cluster: (it) => it.row.cluster,
      namespace: (it) => `${it.row.cluster}/${it.row.namespace}`,
    }[group];
    const groups = new Map();
    for (const each of found) {
      const of = name(each);
      if (!groups.has(of)) groups.set(of, []);
      groups.get(of).push(each);
    }
    const names = [...groups.keys()];
    if (group !== 'attention') names.sort((a, b) => groups.get(a)[0].rank - groups.get(b)[0].rank || (a < b ? -1 : 1));
    const items = [];
    for (const of of names) {
      const rows = groups.get(of);
      const open = this.#open.get(`${group}:${of}`) ?? (group === 'attention' ? true : names.length <= 3 || rows[0].rank < rankOf('quiet'));
      items.push({group: of, id: `${group}:${of}`, title: group === 'attention' ? ATTENTION[of].word : of, rows, open});
      if (open) items.push(...rows);
    }
    return items;
  }

  #countMoved() {
    const before = this.#items;
    const counts = this.#counts;
    let moved = 0;
    for (const each of before) if (!each.group && fleet.rows.has(each.key) && attentionOf(fleet.rows.get(each.key)) !== each.attention) moved++;
    const shown = before.filter((each) => !each.group).length;
    const all = Object.values(counts).reduce((sum, each) => sum + each, 0);
    return moved + (this.#filters().state ? 0 : Math.max(0, fleet.rows.size - Math.max(all, shown)));
  }

  render() {
    const filters = this.#filters();
    const items = this.#items;
    const box = this.querySelector('.rows');
    const seen = box ? box.clientHeight : innerHeight;
    const first = Math.max(0, this.#at(this.top) - SPARE);
    const last = Math.min(items.length, this.#at(this.top + seen) + 1 + SPARE);
    this.focused = Math.min(this.focused, Math.max(0, items.length - 1));
    const picture = items.slice(first, last).map((item, at) => ({item, at: first + at}));
    const total = Object.values(this.#counts).reduce((sum, each) => sum + each, 0);
    const urgent = ['failed-with-traffic', 'failed', 'waits-for-people', 'late'].reduce((sum, each) => sum + (this.#counts[each] ?? 0), 0);
    return html`
      <h1 class="headline">${!fleet.complete && total === 0 ? 'Reading the fleet…' : urgent ? html`<strong>${urgent}</strong> of ${total} need people` :
        total ? html`Nothing needs people. ${total} rollouts` : 'No rollout is known'}</h1>
      <div class="tiles" role="group" aria-label="Show only">${Object.entries(ATTENTION).map(([id, look]) => html`
        <button class="tile ${look.tone}" aria-pressed=${filters.state === id} ?disabled=${!this.#counts[id] && filters.state !== id}
            @click=${() => this.#go({state: filters.state === id ? '' : id})}>
          <span class="count">${(this.#counts[id] ?? 0).toLocaleString()}</span><span class="word">${sign(look.sign)} ${look.word}</span>
        </button>`)}
      </div>
      <form class="filters" role="search" @submit=${(event) => event.preventDefault()}>
        <label class="search"><span>Search</span> <input type="search" name="q" placeholder="name, namespace, revision, image, words — press /" .value=${this.query.get('q') ?? ''}
            @input=${(event) => this.#go({q: event.target.value})}></label>
        <label><span>Cluster</span> ${this.#choice('cluster', filters.cluster, this.#names((row) => row.cluster))}</label>
        <label><span>Namespace</span> ${this.#choice('namespace', filters.namespace, this.#names((row) => (!filters.cluster || row.cluster === filters.cluster) && row.namespace))}</label>
        <label><span>Group by</span> <select @change=${(event) => this.#go({group: event.target.value})}>${
          Object.entries(GROUPS).map(([id, word]) => html`<option value=${id} ?selected=${filters.group === id}>${word}</option>`)}</select></label>
        <span class="moved" role="status">${this.#moved ? html`<button type="button" @click=${this.#sortNow}>${this.#moved} changed: sort</button>` : nothing}</span>
      </form>
      <div class="table" role="treegrid" aria-label="Rollouts" aria-rowcount=${items.length + 1}
          @pointerenter=${this.#hold} @pointerleave=${this.#release} @focusin=${this.#hold} @focusout=${this.#release} @keydown=${this.#key}>
        <div class="row head" role="row" aria-rowindex="1">
          <span role="columnheader">State</span><span role="columnheader">Rollout</span><span role="columnheader">Traffic at the canary</span>
          <span role="columnheader">Now</span><span role="columnheader">Next</span><span role="columnheader">Changed</span>
        </div>
        <div class="rows" role="rowgroup" @scroll=${this.#scrolled}>
          <div class="space" role="presentation">
            ${repeat(picture, (it) => it.item.id ?? it.item.key, ({item, at}) => item.group ? this.#group(item, at) : this.#row(item, at))}
          </div>
        </div>
      </div>
      ${items.length === 0 && fleet.complete ? html`<p class="empty">${total || fleet.rows.size ? 'Nothing matches.' : 'As soon as a cluster tells of a Canary it is shown here.'}</p>` : nothing}
      <serinus-hub></serinus-hub>`;
  }

  updated() {
    const space = this.querySelector('.space');
    const tops = this.#tops();
    space.style.height = `${tops[this.#items.length]}px`;
    for (const row of space.children) row.style.transform = `translateY(${tops[Number(row.getAttribute('aria-rowindex')) - 2]}px)`;
    if (this.#focusNext) {
      this.#focusNext = false;
      space.querySelector(`[aria-rowindex="${this.focused + 2}"]`)?.focus({preventScroll: true});
    }
    if (!this.#measured) {
      this.#measured = true;
      this.requestUpdate();
    }
  }

  #measured = false;
  #focusNext = false;

  #row({key, attention: before, row: known}, at) {
    const row = fleet.rows.get(key) ?? known;
    const attention = fleet.rows.has(key) ? attentionOf(row) : 'gone';
    const link = `#/rollouts/${[row.cluster, row.namespace, row.name].map(encodeURIComponent).join('/')}`;
    return html`<div class="row ${ATTENTION[attention]?.tone ?? ''}" role="row" aria-level="2" aria-rowindex=${at + 2} tabindex=${at === this.focused ? 0 : -1} data-key=${key}>
      <span role="gridcell" class="state">${attention === 'gone' ? html`<span class="badge">Gone</span>` : badge(attention, attention === 'running' || attention === 'quiet' ? row.phase : undefined)}</span>
      <span role="gridcell" class="who"><a href=${link} tabindex="-1">${row.name}</a><span class="where">${row.cluster} / ${row.namespace}</span></span>
      <span role="gridcell" class="part">${row.canaryWeight || before !== 'quiet' ? traffic(row) : html`<span class="note" title=${row.promotedRevision}>${shortImages(row.primaryImages) || short(row.promotedRevision)}</span>`}</span>
      <span role="gridcell" class="now" title=${brief(row)}>${row.dryRun ? html`<span class="pill">dry run</span> ` : nothing}${brief(row)}${
        row.failedChecks ? html` <span class="pill bad">${row.failedChecks} failed</span>` : nothing}</span>
      <span role="gridcell" class="next">${row.deadline ? html`<serinus-time until at=${row.deadline}></serinus-time>` : nothing}</span>
      <span role="gridcell" class="since"><serinus-time at=${row.updatedAt}></serinus-time></span>
    </div>`;
  }

  #group(item, at) {
    return html`<div class="row group" role="row" aria-level="1" aria-rowindex=${at + 2} tabindex=${at === this.focused ? 0 : -1} aria-expanded=${item.open}
        @click=${() => this.#toggle(item)}>
      <span role="gridcell" class="grouped"><span class="arrow" aria-hidden="true">${item.open ? '▾' : '▸'}</span> <strong>${item.title}</strong>
        <span class="note">${item.rows.length.toLocaleString()}${item.id.startsWith('attention:') ? nothing : this.#summary(item.rows)}</span></span>
    </div>`;
  }

  #summary(rows) {
    const counts = {};
    for (const each of rows) counts[each.attention] = (counts[each.attention] ?? 0) + 1;
    return Object.entries(ATTENTION).filter(([id]) => counts[id]).map(([id, look]) => ` · ${counts[id].toLocaleString()} ${look.word.toLowerCase()}`).join('');
  }

  #names(of) {
    return [...new Set([...fleet.rows.values()].map(of).filter(Boolean))].sort();
  }

  #choice(name, chosen, options) {
    return html`<select @change=${(event) => this.#go({[name]: event.target.value})}>
      <option value="">all</option>${options.map((each) => html`<option value=${each} ?selected=${each === chosen}>${each}</option>`)}</select>`;
  }

  /** What is looked at is in the address, so that it can be sent to somebody. */
  #go(changes) {
    const query = new URLSearchParams(this.query);
    for (const [name, value] of Object.entries(changes)) value ? query.set(name, value) : query.delete(name);
    history.replaceState(null, '', `#/fleet${query.size ? `?${query}` : ''}`);
    this.query = query;
    this.top = 0;
    this.querySelector('.rows')?.scrollTo(0, 0);
  }

  #toggle(item) {
    this.#open.set(item.id, !item.open);
    this.#arrange();
    this.requestUpdate();
  }

  #sortNow = () => {
    this.#arrange();
    this.requestUpdate();
  };

  #hold = () => {
    this.#held = true;
  };

  #release = (event) => {
    if (event.type === 'focusout' && event.currentTarget.contains(event.relatedTarget)) return;
    this.#held = this.querySelector('.table:hover') !== null && event.type !== 'pointerleave';
    if (!this.#held) this.#changed();
  };

  #scrolled = (event) => {
    this.top = event.target.scrollTop;
  };

  #slash = (event) => {
    if (event.key === '/' && !['INPUT', 'SELECT', 'TEXTAREA'].includes(event.target.tagName) && !document.querySelector('dialog[open]')) {
      event.preventDefault();
      this.querySelector('input[type=search]').focus();
    }
  };

  #key = (event) => {
    const page = Math.max(1, Math.floor(this.querySelector('.rows').clientHeight / 50) - 1);
    const step = {ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity}[event.key];
    const item = this.#items[this.focused];
    if (step !== undefined) {
      event.preventDefault();
      this.focused = Math.min(this.#items.length - 1, Math.max(0, this.focused + step));
      const rows = this.querySelector('.rows');
      const [begin, end] = this.#tops().subarray(this.focused, this.focused + 2);
      if (begin < rows.scrollTop) rows.scrollTop = begin;
      else if (end > rows.scrollTop + rows.clientHeight) rows.scrollTop = end - rows.clientHeight;
      this.top = rows.scrollTop;
      this.#focusNext = true;
    } else if (event.key === 'Enter' && item && !item.group && event.target.getAttribute('role') === 'row') {
      location.hash = event.target.querySelector('a').getAttribute('href');
    } else if ((event.key === 'Enter' || event.key === ' ' || event.key === 'ArrowLeft' || event.key === 'ArrowRight') && item?.group) {
      event.preventDefault();
      if (event.key === 'Enter' || event.key === ' ' || (event.key === 'ArrowRight') !== item.open) this.#toggle(item);
      this.#focusNext = true;
    }
  };
}
customElements.define('serinus-fleet', SerinusFleet);
