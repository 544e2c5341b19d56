/** Who did what, and what happened: to be read, filtered, and taken along. */
import {html, nothing} from 'lit';
import {fleet} from './fleet-data.js';
import {LookupPage} from './lookup-page.js';
import {csv, takeAlong} from './take-along.js';
import {percent} from './words.js';
import {words} from './rollout.js';

const COLUMNS = ['at', 'cluster', 'namespace', 'name', 'run', 'sequence', 'type', 'phase', 'revision', 'canaryWeight', 'actor', 'action', 'outcome', 'reason', 'message'];
const OF_ACTION = new Set(['action', 'outcome', 'reason']);

class SerinusHistory extends LookupPage {
  static properties = {events: {state: true}, text: {state: true}};

  heading = 'History';
  path = '/api/v1/events';
  route = 'history';
  filters = ['cluster', 'namespace', 'name', 'since'];
  #later = 0;

  constructor() {
    super();
    this.text = '';
    this.empty();
  }

  connectedCallback() {
    super.connectedCallback();
    fleet.addEventListener('change', this.#changed);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    fleet.removeEventListener('change', this.#changed);
    clearTimeout(this.#later);
  }

  /** Not at each change: whoever reads needs the lines to stay for a moment. */
  #changed = () => {
    if (this.#later) return;
    this.#later = setTimeout(() => {
      this.#later = 0;
      if (this.events.length <= this.limit && !this.busy) this.read();
    }, 2_000);
  };

  get people() {
    return this.query.get('all') === null;
  }

  parameters() {
    return {people: this.people};
  }

  empty() {
    this.events = [];
  }

  take(body, further) {
    this.events = further ? [...this.events, ...body.events] : body.events;
  }

  #shown() {
    const text = this.text.toLowerCase();
    return this.events.filter((it) => !text || `${it.cluster}/${it.namespace}/${it.name} ${it.type} ${it.actor} ${it.message} ${it.action?.reason ?? ''} ${it.revision}`.toLowerCase().includes(text));
  }

  render() {
    const shown = this.#shown();
    return html`
      <h1>History</h1>
      <p>What people asked of rollouts and what was decided, or all that happened. <a href="#/audit">The audit</a> has also what was refused to people, replays, gates and logins.</p>
      ${this.only(this.people ? '' : '?all')}
      <form class="filters" role="search" @submit=${(event) => event.preventDefault()}>
        <label class="search"><span>Search in these lines</span> <input type="search" placeholder="name, person, reason, words" @input=${(event) => (this.text = event.target.value)}></label>
        <label><span>Of</span> <select @change=${(event) => this.ask('all', event.target.value === 'all' ? '' : null)}>
          <option value="people" ?selected=${this.people}>people</option><option value="all" ?selected=${!this.people}>people and Serinus</option></select></label>
        <span class="gap"></span>
        <button type="button" @click=${() => this.#export('csv')} ?disabled=${!shown.length}>Export CSV</button>
        <button type="button" @click=${() => this.#export('json')} ?disabled=${!shown.length}>Export JSON</button>
      </form>
      ${this.wrong()}
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
      ${this.further('Earlier')}`;
  }

  #export(form) {
    const lines = this.#shown();
    takeAlong('history', form, form === 'json' ? JSON.stringify(lines, null, 2)
      : csv(COLUMNS, lines, (it, column) => OF_ACTION.has(column) ? it.action?.[column] : it[column]));
  }
}
customElements.define('serinus-history', SerinusHistory);
