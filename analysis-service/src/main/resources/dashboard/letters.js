/** Records that no service could use: which they are, why, and which may be put on their topics once more. */
import {LitElement, html, nothing} from 'lit';
import {ask, onLogin} from './api.js';
import {askReason} from './ask-reason.js';
import {clockTime} from './time.js';
import {sign} from './words.js';

const TOPICS = ['changes', 'metric-queries', 'metric-results', 'webhook-calls', 'webhook-results', 'router-commands', 'router-results', 'alerts', 'announcements', 'actions', 'permits'];

const pathOf = (id) => `/api/v1/dead-letters/${id.split('/').map(encodeURIComponent).join('/')}`;
const linkOf = (id) => `#/dead-letters/${id.split('/').map(encodeURIComponent).join('/')}`;

const canaryOf = (it) => it.name
  ? html`<a href="#/rollouts/${[it.cluster, it.namespace, it.name].map(encodeURIComponent).join('/')}">${it.name}</a><span class="where">${it.cluster} / ${it.namespace}</span>`
  : html`<span class="note">names none</span><span class="where">${it.cluster}</span>`;

class SerinusLetters extends LitElement {
  static properties = {query: {attribute: false}, letters: {state: true}, more: {state: true}, whole: {state: true}, problem: {state: true}, busy: {state: true}, readAt: {state: true}};

  #reads = 0;
  #forget = null;

  constructor() {
    super();
    this.letters = [];
    this.whole = true;
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    document.title = 'Dead letters · Serinus';
    this.#forget = onLogin(() => {
      this.letters = [];
      this.more = undefined;
      this.#read();
    });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#forget();
  }

  willUpdate(changed) {
    if (changed.has('query')) this.#read();
  }

  async #read(more) {
    this.busy = true;
    const read = ++this.#reads;
    const query = new URLSearchParams({limit: 100});
    for (const each of ['cluster', 'namespace', 'name', 'topic']) if (this.query.get(each)) query.set(each, this.query.get(each));
    if (more) query.set('continue', more);
    try {
      const {body} = await ask(`/api/v1/dead-letters?${query}`);
      if (read !== this.#reads) return;
      this.letters = more ? [...this.letters, ...body.letters] : body.letters;
      this.more = body.continue;
      this.whole = body.whole;
      this.problem = '';
      this.readAt = Date.now();
    } catch (refused) {
      if (read !== this.#reads) return;
      this.problem = refused.message;
    }
    this.busy = false;
  }

  #filter(event, name) {
    const query = new URLSearchParams(this.query);
    if (event.target.value) query.set(name, event.target.value.trim());
    else query.delete(name);
    history.replaceState(null, '', `#/dead-letters${query.size ? `?${query}` : ''}`);
    this.query = query;
  }

  render() {
    const of = (name) => this.query.get(name) ?? '';
    return html`<h1>Dead letters</h1>
      <p>Records that no service could read or handle. The rest goes on without them; they are kept for 30 days.</p>
      <form class="filters" role="search" @submit=${(event) => event.preventDefault()}>
        ${[['cluster', 'Cluster'], ['namespace', 'Namespace'], ['name', 'Canary']].map(([name, word]) => html`
          <label><span>${word}</span> <input name=${name} .value=${of(name)} @change=${(event) => this.#filter(event, name)}></label>`)}
        <label><span>Topic</span> <select @change=${(event) => this.#filter(event, 'topic')}>
          <option value="">all</option>${TOPICS.map((it) => html`<option value=${it} ?selected=${of('topic') === it}>${it}</option>`)}</select></label>
        <span class="gap"></span>
        <button type="button" @click=${() => this.#read()} ?disabled=${this.busy}>Look again</button>
      </form>
      ${this.problem ? html`<p class="empty" role="alert">${this.problem}</p>` : nothing}
      ${this.readAt ? html`<p class="note" role="status">As it was at ${clockTime(this.readAt)}; this page does not change by itself.${
        this.whole ? nothing : ' Not all were looked at, but of each partition 500 of the newest at most: deploy/serinus dead-letters list has all.'}</p>` : nothing}
      ${this.letters.length ? html`<div class="scroll" tabindex="0" role="region" aria-label="Dead letters"><table class="list">
        <thead><tr><th scope="col">When</th><th scope="col">Canary</th><th scope="col">Record</th><th scope="col">Why</th></tr></thead>
        <tbody>${this.letters.map((it) => html`<tr>
          <td><serinus-time at=${it.at}></serinus-time></td>
          <td>${canaryOf(it)}</td>
          <td><a href=${linkOf(it.id)}>${it.kind ?? it.topic}</a><span class="where">partition ${it.partition}, offset ${it.offset}${it.cut ? ', cut' : ''}</span></td>
          <td>${it.readable ? nothing : html`<span class="pill bad">unreadable</span> `}${it.reason}<span class="where">set aside by ${it.service}</span></td></tr>`)}</tbody>
      </table></div>` : this.busy ? html`<p class="empty">Reading…</p>` : this.problem ? nothing : html`<p class="empty">There are none: no record was set aside that you may see.</p>`}
      ${this.more ? html`<p><button @click=${() => this.#read(this.more)} ?disabled=${this.busy}>Earlier</button></p>` : nothing}`;
  }
}
customElements.define('serinus-letters', SerinusLetters);

/** All of one. */
class SerinusLetter extends LitElement {
  static properties = {letter: {attribute: false}, found: {state: true}, problem: {state: true}};

  #forget = null;
  #reads = 0;

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    document.title = 'Dead letter · Serinus';
    this.#forget = onLogin(() => {
      this.found = null;
      this.#read();
    });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#forget();
  }

  willUpdate(changed) {
    if (changed.has('letter')) {
      this.found = null;
      this.#read();
    }
  }

  async #read() {
    const read = ++this.#reads;
    try {
      const {body} = await ask(pathOf(this.letter));
      if (read !== this.#reads) return;
      this.found = body;
      this.problem = '';
    } catch (refused) {
      if (read !== this.#reads) return;
      this.problem = refused.message;
    }
  }

  render() {
    const it = this.found;
    return html`<nav class="crumbs" aria-label="Where you are"><a href="#/dead-letters">Dead letters</a></nav>
      <h1>${this.letter}</h1>
      ${this.problem ? html`<p class="empty" role="alert">${this.problem}</p>` : nothing}
      ${it ? this.#whole(it) : this.problem ? nothing : html`<p class="empty">Reading…</p>`}`;
  }

  #whole(it) {
    const allowed = it.allowedActions.includes('replay');
    const because = !allowed ? 'no rule lets you do it' : it.refusal ? 'refused, see beside' : '';
    return html`<section class="now-card ${it.refusal ? 'quiet' : 'waits-for-people'}" aria-label="What can be done">
        <div class="now-words">
          <p class="sentence">${it.reason}</p>
          <p>${it.refusal ? html`It is not put on its topic once more: ${it.refusal}.` : 'It may be put on its topic once more.'}</p>
        </div>
        <div class="acts"><button class=${because ? '' : 'main'} aria-disabled=${because ? 'true' : nothing} @click=${() => because || this.#replay(it)}>Replay${
          because ? html`<span class="because">${because}</span>` : nothing}</button></div>
      </section>
      <dl class="facts">
        <div><dt>Canary</dt><dd>${canaryOf(it)}</dd></div>
        <div><dt>Lay on</dt><dd class="mono">${it.topic}</dd></div>
        <div><dt>Place</dt><dd>partition ${it.partition}, offset ${it.offset}</dd></div>
        <div><dt>Set aside</dt><dd><serinus-time at=${it.at}></serinus-time> by ${it.service}</dd></div>
        <div><dt>Size</dt><dd>${it.bytes.toLocaleString()} bytes${it.cut ? ', of which only the beginning is kept' : ''}</dd></div>
      </dl>
      <section class="panel" aria-labelledby="record-title"><div class="panel-head"><h2 id="record-title">The record</h2></div>
        ${it.readable ? nothing : html`<p>${sign('cross')} The letter itself cannot be read: this is what is known of it.</p>`}
        ${it.record !== null ? html`<pre class="record" tabindex="0" role="region" aria-label="The record as JSON">${pretty(it.record)}</pre>`
          : html`<p>${it.unreadable ? `It cannot be read: ${it.unreadable}.` : 'It has no value.'}</p>
            ${it.beginning !== null ? html`<p class="note">Its first bytes:</p><pre class="record" tabindex="0" role="region" aria-label="Its first bytes">${it.beginning.replace(/../g, '$& ')}</pre>` : nothing}`}
      </section>`;
  }

  async #replay(it) {
    const done = await askReason({
      title: 'Replay',
      about: `The letter ${it.id}, set aside by ${it.service}`,
      effect: `Its record is put on ${it.topic} once more, byte by byte.`,
      label: 'Replay',
      longest: 1000,
      send: async (reason) => {
        const {body} = await ask(`${pathOf(it.id)}/replay`, {
          method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({reason})});
        return `Done: ${body.message}.`;
      },
    });
    if (done) this.#read();
  }
}
customElements.define('serinus-letter', SerinusLetter);

function pretty(json) {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
