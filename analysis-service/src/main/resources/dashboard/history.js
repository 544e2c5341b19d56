/** Who did what, and what happened: to be read, filtered, and taken along. */
import {LitElement, html, nothing} from 'lit';
import {ask, onLogin} from './api.js';
import {fleet} from './fleet-data.js';
import {percent} from './words.js';
import {words} from './rollout.js';

const COLUMNS = ['at', 'cluster', 'namespace', 'name', 'run', 'sequence', 'type', 'phase', 'revision', 'canaryWeight', 'actor', 'action', 'outcome', 'reason', 'message'];

class SerinusHistory extends LitElement {
  static properties = {query: {attribute: false}, events: {state: true}, more: {state: true}, problem: {state: true}, text: {state: true}, busy: {state: true}};

  #later = 0;
  #reads = 0;
  #forget = null;

  constructor() {
    super();
    this.events = [];
    this.text = '';
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    document.title = 'History · Serinus';
    fleet.addEventListener('change', this.#changed);
    this.#forget = onLogin(() => {
      this.events = [];
      this.more = undefined;
      this.#read();
    });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#forget();
    fleet.removeEventListener('change', this.#changed);
    clearTimeout(this.#later);
  }

  willUpdate(changed) {
    if (changed.has('query')) this.#read();
  }

  /** Not at each change: whoever reads needs the lines to stay for a moment. */
  #changed = () => {
    if (this.#later) return;
    this.#later = setTimeout(() => {
      this.#later = 0;
      if (this.events.length <= 100 && !this.busy) this.#read();
    }, 2_000);
  };

  get people() {
    return this.query.get('all') === null;
  }

  #path(more) {
    const query = new URLSearchParams({limit: 100, people: this.people});
    for (const each of ['cluster', 'namespace', 'name', 'since']) if (this.query.get(each)) query.set(each, this.query.get(each));
    if (more) query.set('continue', more);
    return `/api/v1/events?${query}`;
  }

  async #read(more) {
    this.busy = true;
    const read = ++this.#reads;
    try {
      const {body} = await ask(this.#path(more));
      // Another one was begun: of another query, or by another caller.
      if (read !== this.#reads) return;
      this.events = more ? [...this.events, ...body.events] : body.events;
      this.more = body.continue;
      this.problem = '';
    } catch (refused) {
      if (read !== this.#reads) return;
      this.problem = refused.message;
    }
    this.busy = false;
  }

  #shown() {
    const text = this.text.toLowerCase();
    return this.events.filter((it) => !text || `${it.cluster}/${it.namespace}/${it.name} ${it.type} ${it.actor} ${it.message} ${it.action?.reason ?? ''} ${it.revision}`.toLowerCase().includes(text));
  }

  render() {
    const shown = this.#shown();
    const only = ['cluster', 'namespace', 'name'].map((it) => this.query.get(it)).filter(Boolean).join(' / ');
    return html`
      <h1>History</h1>
      ${only ? html`<p>Of <strong>${only}</strong>. <a href="#/history${this.people ? '' : '?all'}">Of all</a></p>` : nothing}
      <form class="filters" role="search" @submit=${(event) => event.preventDefault()}>
        <label class="search"><span>Search in these lines</span> <input type="search" placeholder="name, person, reason, words" @input=${(event) => (this.text = event.target.value)}></label>
        <label><span>Of</span> <select @change=${(event) => this.#go(event.target.value)}>
          <option value="people" ?selected=${this.people}>people</option><option value="all" ?selected=${!this.people}>people and Serinus</option></select></label>
        <span class="gap"></span>
        <button type="button" @click=${() => this.#export('csv')} ?disabled=${!shown.length}>Export CSV</button>
        <button type="button" @click=${() => this.#export('json')} ?disabled=${!shown.length}>Export JSON</button>
      </form>
      ${this.problem ? html`<p class="empty" role="alert">${this.problem}</p>` : nothing}
      <div class="scroll" tabindex="0" role="region" aria-label="What happened"><table class="list">
        <thead><tr><th scope="col">When</th><th scope="col">Rollout</th><th scope="col">Who</th><th scope="col">What</th><th scope="col">In words</th></tr></thead>
        <tbody>${shown.map((it) => html`<tr>
          <td><serinus-time at=${it.at}></serinus-time></td>
          <td><a href="#/rollouts/${[it.cluster, it.namespace, it.name].map(encodeURIComponent).join('/')}">${it.name}</a><span class="where">${it.cluster} / ${it.namespace}</span></td>
          <td>${it.actor === 'serinus' ? html`<span class="note">Serinus</span>` : it.actor}</td>
          <td>${it.action ? html`<strong>${it.action.action}</strong> <span class="pill ${it.action.outcome === 'refused' ? 'bad' : ''}">${it.action.outcome}</span>` : words(it.type)}
            <span class="where">run ${it.run}, event ${it.sequence}, ${percent(it.canaryWeight)}</span></td>
          <td>${it.message}${it.action?.reason ? html`<span class="reason">“${it.action.reason}”</span>` : nothing}</td></tr>`)}</tbody>
      </table></div>
      ${shown.length || this.busy ? nothing : html`<p class="empty">${this.people ? 'Nobody did anything yet, as far back as is kept.' : 'Nothing happened yet.'}</p>`}
      ${this.more ? html`<p><button @click=${() => this.#read(this.more)} ?disabled=${this.busy}>Earlier</button></p>` : nothing}`;
  }

  #go(of) {
    const query = new URLSearchParams(this.query);
    if (of === 'all') query.set('all', '');
    else query.delete('all');
    history.replaceState(null, '', `#/history${query.size ? `?${query}` : ''}`);
    this.query = query;
  }

  #export(form) {
    const lines = this.#shown();
    const text = form === 'json' ? JSON.stringify(lines, null, 2) : csv(lines);
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], {type: form === 'json' ? 'application/json' : 'text/csv'}));
    link.download = `serinus-history-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.${form}`;
    link.click();
    URL.revokeObjectURL(link.href);
  }
}
customElements.define('serinus-history', SerinusHistory);

/** A cell that a spreadsheet would take for a formula is marked as a text. */
function cell(value) {
  const text = String(value ?? '');
  const safe = /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function csv(events) {
  const lines = events.map((it) => COLUMNS.map((column) => {
    if (column === 'action' || column === 'outcome' || column === 'reason') return cell(it.action?.[column]);
    return cell(it[column]);
  }).join(','));
  return [COLUMNS.join(','), ...lines, ''].join('\r\n');
}
