/** Records that no service could use: which they are, why, and which may be put on their topics once more. */
import {LitElement, html, nothing} from 'lit';
import {ask, onLogin} from './api.js';
import {askReason} from './ask-reason.js';
import {LookupPage} from './lookup-page.js';
import {exactly} from './time.js';
import {sign} from './words.js';

const TOPICS = ['changes', 'metric-queries', 'metric-results', 'webhook-calls', 'webhook-results', 'router-commands', 'router-results', 'alerts', 'announcements', 'actions', 'permits'];

/** In hours; 0 for all. */
const AGES = [[0, 'they are kept'], [1, 'an hour ago'], [24, 'a day ago'], [168, 'a week ago']];

const pathOf = (id) => `/api/v1/dead-letters/${id.split('/').map(encodeURIComponent).join('/')}`;
const linkOf = (id) => `#/dead-letters/${id.split('/').map(encodeURIComponent).join('/')}`;

const canaryOf = (it) => it.name
  ? html`<a href="#/rollouts/${[it.cluster, it.namespace, it.name].map(encodeURIComponent).join('/')}">${it.name}</a><span class="where">${it.cluster} / ${it.namespace}</span>`
  : html`<span class="note">names none</span><span class="where">${it.cluster}</span>`;

class SerinusLetters extends LookupPage {
  static properties = {letters: {state: true}, lookedBackTo: {state: true}, whole: {state: true}};

  heading = 'Dead letters';
  path = '/api/v1/dead-letters';
  route = 'dead-letters';
  filters = ['cluster', 'namespace', 'name', 'topic', 'since'];

  constructor() {
    super();
    this.empty();
  }

  empty() {
    this.letters = [];
    this.whole = true;
  }

  take(body, further) {
    this.letters = further ? [...this.letters, ...body.letters] : body.letters;
    this.lookedBackTo = body.lookedBackTo;
    this.whole = body.whole;
  }

  #since(hours) {
    if (hours >= 0) this.ask('since', hours ? new Date(Date.now() - hours * 3_600_000).toISOString() : null);
  }

  /** What stands where the look ended before there was enough. */
  #bound() {
    if (this.whole) return nothing;
    return html` It was looked back ${this.lookedBackTo ? html`to ${exactly(this.lookedBackTo)}` : 'a part of the way'}, and there is more: ${
      this.more ? 'Earlier goes on from there.' : 'name a cluster to look further back.'}`;
  }

  render() {
    return html`<h1>Dead letters</h1>
      <p>Records that no service could read or handle. The rest goes on without them; they are kept for 30 days.</p>
      <form class="filters" role="search" @submit=${(event) => event.preventDefault()}>
        ${this.fields([['cluster', 'Cluster'], ['namespace', 'Namespace'], ['name', 'Canary']])}
        <label><span>Topic</span> <select name="topic" @change=${(event) => this.ask('topic', event.target.value || null)}>
          <option value="">all</option>${TOPICS.map((it) => html`<option value=${it} ?selected=${this.query.get('topic') === it}>${it}</option>`)}</select></label>
        <label><span>Since</span> <select name="since" @change=${(event) => this.#since(Number(event.target.value))}>
          ${this.query.get('since') ? html`<option value="-1" selected>${exactly(this.query.get('since'))}</option>` : nothing}
          ${AGES.map(([hours, word]) => html`<option value=${hours}>${word}</option>`)}</select></label>
        <span class="gap"></span>
        ${this.again()}
      </form>
      ${this.wrong()}
      ${this.readAt ? html`<p class="note" role="status">${this.asItWas(this.#bound())}</p>` : nothing}
      ${this.letters.length ? html`<div class="scroll" tabindex="0" role="region" aria-label="Dead letters"><table class="list">
        <thead><tr><th scope="col">When</th><th scope="col">Canary</th><th scope="col">Record</th><th scope="col">Why</th></tr></thead>
        <tbody>${this.letters.map((it) => html`<tr>
          <td><serinus-time at=${it.at}></serinus-time></td>
          <td>${canaryOf(it)}</td>
          <td><a href=${linkOf(it.id)}>${it.kind ?? it.topic}</a><span class="where">partition ${it.partition}, offset ${it.offset}${it.cut ? ', cut' : ''}</span></td>
          <td>${it.readable ? nothing : html`<span class="pill bad">unreadable</span> `}${it.reason}<span class="where">set aside by ${it.service}</span></td></tr>`)}</tbody>
      </table></div>` : this.none(this.more ? 'None was found so far.' : 'There are none: no record was set aside that you may see.')}
      ${this.further('Earlier')}`;
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
