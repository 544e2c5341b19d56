/** What people did and were refused, of all instances, in one order: to be read, filtered, and taken along. */
import {html, nothing} from 'lit';
import {LookupPage} from './lookup-page.js';
import {csv, takeAlong} from './take-along.js';

const COLUMNS = ['at', 'actor', 'action', 'outcome', 'cluster', 'namespace', 'name', 'target', 'reason', 'because', 'times'];
/** That are read for a file, each of 500. */
const MOST_PAGES = 200;
const DONE = new Set(['done', 'unchanged', 'underway']);
const OUTCOMES = ['done', 'unchanged', 'underway', 'refused', 'outdated', 'overtaken', 'unsent', 'not-ready', 'key-used', 'unknown', 'not-allowed', 'login', 'provider', 'origin', 'rate'];

class SerinusAudit extends LookupPage {
  static properties = {entries: {state: true}};

  heading = 'Audit';
  path = '/api/v1/audit';
  route = 'audit';
  filters = ['cluster', 'namespace', 'name', 'actor', 'outcome', 'since'];

  constructor() {
    super();
    this.empty();
  }

  empty() {
    this.entries = [];
  }

  take(body, further) {
    this.entries = further ? [...this.entries, ...body.entries] : body.entries;
  }

  render() {
    return html`<h1>Audit</h1>
      <p>Each action, each refusal, each replay of a dead letter, each gate that was turned and each login, as far as it is yours or about what you may see. It is kept for a year.</p>
      <form class="filters" role="search" @submit=${(event) => event.preventDefault()}>
        ${this.fields([['actor', 'Who'], ['cluster', 'Cluster'], ['namespace', 'Namespace'], ['name', 'Canary']])}
        <label><span>Outcome</span> <select name="outcome" @change=${(event) => this.ask('outcome', event.target.value || null)}>
          <option value="">all</option>${OUTCOMES.map((it) => html`<option value=${it} ?selected=${this.query.get('outcome') === it}>${it}</option>`)}</select></label>
        <span class="gap"></span>
        ${this.again()}
        <button type="button" @click=${() => this.#export('csv')} ?disabled=${this.busy || !this.entries.length}>Export CSV</button>
        <button type="button" @click=${() => this.#export('json')} ?disabled=${this.busy || !this.entries.length}>Export JSON</button>
      </form>
      ${this.wrong()}
      ${this.readAt ? html`<p class="note" role="status">${this.asItWas()}</p>` : nothing}
      ${this.entries.length ? html`<div class="scroll" tabindex="0" role="region" aria-label="Audit"><table class="list">
        <thead><tr><th scope="col">When</th><th scope="col">Who</th><th scope="col">What</th><th scope="col">Of what</th><th scope="col">Why</th></tr></thead>
        <tbody>${this.entries.map((it) => html`<tr>
          <td><serinus-time at=${it.at}></serinus-time></td>
          <td>${it.actor || html`<span class="note">nobody knows</span>`}</td>
          <td><strong>${it.action}</strong> <span class="pill ${DONE.has(it.outcome) ? '' : 'bad'}">${it.outcome}</span>${it.times > 1 ? html`<span class="where">${it.times} times in a minute</span>` : nothing}</td>
          <td>${it.name ? html`<a href="#/rollouts/${[it.cluster, it.namespace, it.name].map(encodeURIComponent).join('/')}">${it.name}</a><span class="where">${it.cluster} / ${it.namespace}</span>`
            : it.cluster ?? nothing}${it.target ? html`<span class="where mono">${it.target}</span>` : nothing}</td>
          <td>${it.because}${it.reason ? html`<span class="reason">“${it.reason}”</span>` : nothing}</td></tr>`)}</tbody>
      </table></div>` : this.none(this.more ? 'None was found so far.' : 'Nobody did anything that you may see.')}
      ${this.further('Earlier')}`;
  }

  /** All of it and not what is on the screen alone; where that is too much, the file says so in its name. */
  async #export(form) {
    this.busy = true;
    try {
      const {bodies, more} = await this.rest(MOST_PAGES);
      const entries = [...this.entries, ...bodies.flatMap((it) => it.entries)];
      takeAlong(more ? `audit-newest-${entries.length}` : 'audit', form, form === 'json' ? JSON.stringify(entries, null, 2) : csv(COLUMNS, entries));
    } catch (refused) {
      this.problem = `it could not be exported: ${refused.message}`;
    }
    this.busy = false;
  }
}
customElements.define('serinus-audit', SerinusAudit);
