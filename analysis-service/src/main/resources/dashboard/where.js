/** Which revision each cluster has, side by side. */
import {LitElement, html, nothing} from 'lit';
import {ask, onLogin} from './api.js';
import {fleet} from './fleet-data.js';
import {exactly} from './time.js';
import {percent, releaseWords, short, shortImages} from './words.js';

const MOST = 200;

/** A cluster falls silent without a word, so it is asked. */
const BETWEEN = 30_000;

class SerinusWhere extends LitElement {
  static properties = {query: {attribute: false}, text: {state: true}, differing: {state: true}, silent: {state: true}};

  #later = 0;
  #asking = 0;
  #forget = null;

  constructor() {
    super();
    this.text = '';
    this.differing = false;
    this.silent = [];
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    document.title = 'What runs where · Serinus';
    this.text = this.query?.get('q') ?? '';
    fleet.addEventListener('change', this.#changed);
    this.#asking = setInterval(this.#ask, BETWEEN);
    this.#forget = onLogin(this.#ask);
    this.#ask();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    fleet.removeEventListener('change', this.#changed);
    clearTimeout(this.#later);
    this.#later = 0;
    clearInterval(this.#asking);
    this.#forget();
  }

  #ask = async () => {
    if (document.hidden) return;
    try {
      const {body} = await ask('/api/v1/clusters');
      this.silent = body.clusters.filter((it) => it.silent);
    } catch {
      this.silent = []; // the page says already that the hub does not answer
    }
  };

  #changed = () => {
    this.#later ||= setTimeout(() => {
      this.#later = 0;
      this.requestUpdate();
    }, 500);
  };

  render() {
    const text = this.text.toLowerCase();
    const clusters = new Set();
    const found = new Map();
    for (const row of fleet.rows.values()) {
      const name = `${row.namespace}/${row.name}`;
      if (text && !`${row.cluster}/${name} ${releaseWords(row)}`.toLowerCase().includes(text)) continue;
      clusters.add(row.cluster);
      if (!found.has(name)) found.set(name, new Map());
      found.get(name).set(row.cluster, row);
    }
    const columns = [...clusters].sort();
    const names = [...found.keys()].sort().filter((name) => !this.differing || new Set([...found.get(name).values()].map((row) => row.promotedRevision)).size > 1);
    return html`<h1>What runs where</h1>
      <form class="filters" role="search" @submit=${(event) => event.preventDefault()}>
        <label class="search"><span>Search</span> <input type="search" .value=${this.text} placeholder="name, cluster, revision or image" @input=${(event) => (this.text = event.target.value)}></label>
        <label class="check"><input type="checkbox" @change=${(event) => (this.differing = event.target.checked)}> only what differs between clusters</label>
      </form>
      ${this.silent.map((it) => html`<p class="empty" role="status">Cluster ${it.cluster} was last heard of at ${exactly(it.heard)}: what is shown of it is its last word.</p>`)}
      <div class="scroll" tabindex="0" role="region" aria-label="Revisions by cluster"><table class="list">
        <thead><tr><th scope="col">Canary</th>${columns.map((each) => html`<th scope="col">${each}</th>`)}</tr></thead>
        <tbody>${names.slice(0, MOST).map((name) => html`<tr><th scope="row">${name}</th>${columns.map((cluster) => this.#cell(found.get(name).get(cluster)))}</tr>`)}</tbody>
      </table></div>
      ${names.length > MOST ? html`<p class="note">${MOST} of ${names.length.toLocaleString()} are shown: search for the others.</p>` : nothing}
      ${names.length === 0 ? html`<p class="empty">${fleet.complete ? 'Nothing matches.' : 'Reading…'}</p>` : nothing}`;
  }

  #cell(row) {
    if (!row) return html`<td class="note">–</td>`;
    const next = row.revision !== row.promotedRevision && row.attention !== 'quiet';
    return html`<td><a class="mono" href="#/rollouts/${[row.cluster, row.namespace, row.name].map(encodeURIComponent).join('/')}" title=${[row.promotedRevision, ...(row.primaryImages ?? [])].join('\n')}>${short(row.promotedRevision) || '–'}</a>${this.#images(row.primaryImages)}${
      next ? html`<span class="where">${row.phase === 'Failed' ? 'taken back: ' : `${percent(row.canaryWeight)} at `}<span class="mono" title=${row.revision}>${short(row.revision)}</span></span>${this.#images(row.images)}` : nothing}</td>`;
  }

  #images(images) {
    return images?.length ? html`<span class="where" title=${images.join('\n')}>${shortImages(images)}</span>` : nothing;
  }
}
customElements.define('serinus-where', SerinusWhere);
