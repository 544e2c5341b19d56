/** Gates: which canary waits at one, and how those stand that load testers keep. */
import {html, nothing} from 'lit';
import {ask} from './api.js';
import {askReason} from './ask-reason.js';
import {LookupPage} from './lookup-page.js';
import {sign} from './words.js';

const KINDS = [
  {gate: 'gate', word: 'Gate', open: 'The rollout may go on wherever its hooks ask this gate.', close: 'The rollout waits wherever its hooks ask this gate.', openTone: 'good', closedTone: 'warn'},
  {gate: 'rollback', word: 'Rollback', open: 'The rollout is taken back as soon as its rollback hook asks.', close: 'The rollback hook asks for nothing any more.', openTone: 'bad', closedTone: 'good'},
];

class SerinusGates extends LookupPage {
  static properties = {canaries: {state: true}, clusters: {state: true}};

  heading = 'Gates';
  path = '/api/v1/gates';
  route = 'gates';
  filters = ['cluster', 'namespace', 'name'];
  limit = 200;

  constructor() {
    super();
    this.clusters = [];
    this.empty();
  }

  empty() {
    this.canaries = [];
  }

  take(body, further) {
    this.canaries = further ? [...this.canaries, ...body.canaries] : body.canaries;
    this.clusters = body.clusters;
  }

  render() {
    return html`<h1>Gates</h1>
      <p>Who waits at a gate, and the gates that load testers keep${this.clusters.length ? ` (in ${this.clusters.join(', ')})` : ''}. One that nobody ever turned is closed.</p>
      ${this.only()}
      <div class="filters"><span class="note" role="status">${this.asItWas()}</span><span class="gap"></span>${this.again()}</div>
      ${this.wrong()}
      ${this.canaries.length ? html`<div class="scroll" tabindex="0" role="region" aria-label="Gates"><table class="list">
        <thead><tr><th scope="col">Canary</th><th scope="col">Waits for</th>${KINDS.map((it) => html`<th scope="col">${it.word}</th>`)}</tr></thead>
        <tbody>${this.canaries.map((it) => html`<tr>
          <td><a href="#/rollouts/${[it.cluster, it.namespace, it.name].map(encodeURIComponent).join('/')}">${it.name}</a><span class="where">${it.cluster} / ${it.namespace}</span></td>
          <td>${it.phase === null ? html`<span class="note">no rollout of it is known</span>` : it.waits ? html`${it.waitingFor || 'approval'}<span class="where">approve it on its page</span>` : html`<span class="note">no gate</span>`}</td>
          ${KINDS.map((kind) => html`<td>${this.#gate(it, kind)}</td>`)}</tr>`)}</tbody>
      </table></div>` : this.none(
        this.clusters.length ? 'Nobody waits at a gate, and none was ever turned.' : 'Nobody waits at a gate. No load tester keeps gates here: deploy/guide/gates-and-hooks.md says how.')}
      ${this.further('More')}`;
  }

  #gate(canary, kind) {
    if (!this.clusters.includes(canary.cluster)) return html`<span class="note">none is kept</span>`;
    const gate = canary.gates.find((it) => it.gate === kind.gate);
    const open = gate?.open ?? false;
    const verb = open ? 'close' : 'open';
    const because = canary.phase === null ? 'no rollout of it is known' : canary.allowedActions.includes(verb) ? '' : 'no rule lets you do it';
    const label = open ? 'Close' : 'Open';
    return html`<span class="badge ${open ? kind.openTone : kind.closedTone}">${sign(open ? 'tick' : 'hand')}<span>${open ? 'open' : 'closed'}</span></span>
      <button class="small" aria-label="${label} the ${kind.word.toLowerCase()} of ${canary.namespace}/${canary.name}" aria-disabled=${because ? 'true' : nothing} title=${because}
        @click=${() => because || this.#turn(canary, kind, !open)}>${label}</button>
      ${gate ? html`<span class="where">${gate.actor || 'somebody'}, <serinus-time at=${gate.since}></serinus-time></span>${gate.reason ? html`<span class="reason">“${gate.reason}”</span>` : nothing}`
        : html`<span class="where">never turned</span>`}`;
  }

  async #turn(canary, kind, open) {
    const done = await askReason({
      title: `${open ? 'Open' : 'Close'} the ${kind.word.toLowerCase()}: ${canary.namespace}/${canary.name}`,
      about: `in cluster ${canary.cluster}, kept by its load tester`,
      effect: open ? kind.open : kind.close,
      label: open ? 'Open' : 'Close',
      danger: open && kind.gate === 'rollback',
      longest: 256,
      send: async (reason) => {
        const {body} = await ask(`/api/v1/gates/${[canary.cluster, canary.namespace, canary.name, kind.gate].map(encodeURIComponent).join('/')}`, {
          method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({open, reason})});
        return `Done: it is ${body.open ? 'open' : 'closed'}, by ${body.actor}.`;
      },
    });
    if (done) this.read();
  }
}
customElements.define('serinus-gates', SerinusGates);
