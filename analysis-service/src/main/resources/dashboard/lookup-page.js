/** A page of what is looked up when somebody asks: read a part at a time, and anew with another query or another caller. */
import {LitElement, html, nothing} from 'lit';
import {ask, onLogin} from './api.js';
import {clockTime} from './time.js';

/** The API takes no more. */
const MOST_AT_ONCE = 500;

/**
 * Whoever extends it has `heading`, the API's `path`, the `filters` that an address may have, `limit`, and the `route` of
 * the page; `take(body, further)` keeps what was read, and `empty()` forgets it.
 */
export class LookupPage extends LitElement {
  static properties = {query: {attribute: false}, more: {state: true}, problem: {state: true}, busy: {state: true}, readAt: {state: true}};

  limit = 100;
  #reads = 0;
  #forget = null;

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    document.title = `${this.heading} · Serinus`;
    this.#forget = onLogin(() => {
      this.empty();
      this.more = undefined;
      this.read();
    });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#forget();
  }

  willUpdate(changed) {
    if (changed.has('query')) this.read();
  }

  /** What is asked beside the filters. */
  parameters() {
    return {};
  }

  async read(more) {
    this.busy = true;
    const read = ++this.#reads;
    try {
      const {body} = await ask(`${this.path}?${this.#wanted(more, this.limit)}`);
      // Another one was begun: of another query, or by another caller.
      if (read !== this.#reads) return;
      this.take(body, Boolean(more));
      this.more = body.continue;
      this.problem = '';
      this.readAt = Date.now();
    } catch (refused) {
      if (read !== this.#reads) return;
      this.problem = refused.message;
    }
    this.busy = false;
  }

  /** All that lies behind what is shown, from where the page ended: {bodies, more}; more where even that is not all. */
  async rest(mostPages) {
    const bodies = [];
    let more = this.more;
    for (let page = 0; more && page < mostPages; page++) {
      const {body} = await ask(`${this.path}?${this.#wanted(more, MOST_AT_ONCE)}`);
      bodies.push(body);
      more = body.continue;
    }
    return {bodies, more};
  }

  #wanted(more, limit) {
    const query = new URLSearchParams({limit, ...this.parameters()});
    for (const each of this.filters) if (this.query.get(each)) query.set(each, this.query.get(each));
    if (more) query.set('continue', more);
    return query;
  }

  /** Asks for something else; the address says so. */
  ask(name, value) {
    const query = new URLSearchParams(this.query);
    if (value !== null) query.set(name, value.trim());
    else query.delete(name);
    history.replaceState(null, '', `#/${this.route}${query.size ? `?${query}` : ''}`);
    this.query = query;
  }

  /** Fields for filters: [name, word]. */
  fields(words) {
    return words.map(([name, word]) => html`
      <label><span>${word}</span> <input name=${name} .value=${this.query.get(name) ?? ''} @change=${(event) => this.ask(name, event.target.value || null)}></label>`);
  }

  /** Whose they are, where that is part of the address. */
  only(others = '') {
    const only = ['cluster', 'namespace', 'name'].map((it) => this.query.get(it)).filter(Boolean).join(' / ');
    return only ? html`<p>Of <strong>${only}</strong>. <a href="#/${this.route}${others}">Of all</a></p>` : nothing;
  }

  again() {
    return html`<button type="button" @click=${() => this.read()} ?disabled=${this.busy}>Look again</button>`;
  }

  asItWas(more = nothing) {
    return this.readAt ? html`As it was at ${clockTime(this.readAt)}; this page does not change by itself.${more}` : nothing;
  }

  wrong() {
    return this.problem ? html`<p class="empty" role="alert">${this.problem}</p>` : nothing;
  }

  /** In place of a list that has nothing in it. */
  none(words) {
    return this.busy ? html`<p class="empty">Reading…</p>` : this.problem ? nothing : html`<p class="empty">${words}</p>`;
  }

  further(word) {
    return this.more ? html`<p><button @click=${() => this.read(this.more)} ?disabled=${this.busy}>${word}</button></p>` : nothing;
  }
}
