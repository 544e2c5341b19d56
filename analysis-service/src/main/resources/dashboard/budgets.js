/** What the installation asks of all together: who has a place, who waits for one, and when nothing goes on. */
import {LitElement, html, nothing} from 'lit';
import {ask, onLogin} from './api.js';
import {fleet} from './fleet-data.js';
import {exactly} from './time.js';

const linkOf = (it) => html`<a href="#/rollouts/${[it.cluster, it.namespace, it.name].map(encodeURIComponent).join('/')}">${it.name}</a> <span class="note">${it.cluster} / ${it.namespace}</span>`;

/** The hub goes through all canaries for an answer, and in a busy fleet something always changes. */
const BETWEEN = 15_000;

/** Of the holders of a budget, and of its line. */
const MOST_NAMED = 100;

class SerinusBudgets extends LitElement {
  static properties = {rules: {state: true}, problem: {state: true}};

  #later = 0;
  #reads = 0;
  #forget = null;
  #stale = false;

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    document.title = 'Budgets · Serinus';
    fleet.addEventListener('change', this.#changed);
    document.addEventListener('visibilitychange', this.#seen);
    this.#forget = onLogin(() => {
      this.rules = null;
      this.#read();
    });
    this.#read();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#forget();
    fleet.removeEventListener('change', this.#changed);
    document.removeEventListener('visibilitychange', this.#seen);
    clearTimeout(this.#later);
    this.#later = 0;
  }

  #changed = () => {
    this.#later ||= setTimeout(() => {
      this.#later = 0;
      this.#stale = true;
      this.#seen();
    }, BETWEEN);
  };

  /** Nobody looks at a page in the background: it asks once somebody does. */
  #seen = () => {
    if (document.hidden || !this.#stale) return;
    this.#stale = false;
    this.#read();
  };

  async #read() {
    const read = ++this.#reads;
    try {
      const {body} = await ask('/api/v1/budgets');
      if (read !== this.#reads) return;
      this.rules = body;
      this.problem = '';
    } catch (refused) {
      if (read !== this.#reads) return;
      this.problem = refused.message;
    }
  }

  render() {
    const rules = this.rules;
    return html`<h1>Budgets and freezes</h1>
      ${this.problem ? html`<p class="empty" role="alert">${this.problem}</p>` : nothing}
      ${rules ? html`${this.#budgets(rules.budgets)}${this.#freezes(rules.freezes)}${this.#waves(rules.waves)}` : this.problem ? nothing : html`<p class="empty">Reading…</p>`}`;
  }

  #budgets(budgets) {
    return html`<section class="panel" aria-labelledby="budgets-title"><div class="panel-head"><h2 id="budgets-title">Budgets</h2></div>
      ${budgets.length ? budgets.map((it) => html`<h3>${it.scope}: ${it.running} of ${it.max} run${it.waiting ? `, ${it.waiting} wait` : ''}</h3>
        ${this.#list('Have a place', it.holders, it.running)}${it.waiting ? this.#list('Wait for one', it.line, it.waiting) : nothing}`)
        : html`<p class="note">No budget is asked: the fleet file has none.</p>`}</section>`;
  }

  #list(word, shown, count) {
    if (count === 0) return html`<p class="note">Nobody runs.</p>`;
    return html`<p class="note">${word}${count > shown.length ? `, and ${count - shown.length} ${shown.length < MOST_NAMED ? 'that you may not see' : 'more'}` : ''}:</p>
      <ul class="who-list">${shown.map((it) => html`<li>${linkOf(it)}${it.startedAt ? html` <span class="note">since <serinus-time at=${it.startedAt}></serinus-time></span>` : nothing}${
        it.waitingFor ? html`<span class="where">${it.waitingFor}</span>` : nothing}</li>`)}</ul>`;
  }

  #freezes(freezes) {
    return html`<section class="panel" aria-labelledby="freezes-title"><div class="panel-head"><h2 id="freezes-title">Freezes</h2></div>
      ${freezes.length ? html`<ul class="who-list">${freezes.map((it) => html`<li><strong>${it.name}</strong> <span class="pill ${it.now ? 'bad' : ''}">${it.now ? 'now' : 'next'}</span> holds ${it.what.join(', ')}${it.reason ? `: ${it.reason}` : ''}
        <span class="where">${exactly(it.from)} to ${exactly(it.until)}</span></li>`)}</ul>` : html`<p class="note">No freeze is to come.</p>`}</section>`;
  }

  #waves(waves) {
    return html`<section class="panel" aria-labelledby="waves-title"><div class="panel-head"><h2 id="waves-title">Waves</h2></div>
      ${waves.length ? html`<ul class="who-list">${waves.map((it) => html`<li>${linkOf(it)}<span class="where">waits for: ${it.waitingFor}</span></li>`)}</ul>`
        : html`<p class="note">Nobody waits for the promotion of another.</p>`}</section>`;
  }
}
customElements.define('serinus-budgets', SerinusBudgets);
