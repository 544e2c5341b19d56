/** One dialog for all that people can ask for: what it will do, why, and then what became of it. */
import {LitElement, html, nothing} from 'lit';
import {ask, newKey, pathOf} from './api.js';
import {ACTIONS, effectOf} from './words.js';

/** Opens it; whoever draws the button need not know the dialog. */
export function act(rollout, action) {
  document.querySelector('serinus-act').open(rollout, action);
}

/** What it answers only when an action was decided upon, or could not be one. */
const isRefusal = (status, sent) => sent ? [409, 412, 422].includes(status) : status >= 400 && status < 500;

const pause = (milliseconds) => new Promise((over) => setTimeout(over, milliseconds));

class SerinusAct extends LitElement {
  static properties = {rollout: {state: true}, action: {state: true}, state: {state: true}, words: {state: true}};

  #key = '';
  #body = '';
  #from = null;

  constructor() {
    super();
    this.state = 'closed';
  }

  createRenderRoot() {
    return this;
  }

  open(rollout, action) {
    this.#from = document.activeElement;
    this.#key = newKey();
    this.#body = '';
    this.rollout = rollout;
    this.action = action;
    this.words = '';
    this.state = 'asking';
  }

  updated() {
    const dialog = this.querySelector('dialog');
    if (dialog && !dialog.open && this.state !== 'closed') {
      dialog.showModal();
      dialog.querySelector('input').focus();
    }
    if (this.state === 'done' || this.state === 'refused') dialog?.querySelector('.close').focus();
  }

  render() {
    if (this.state === 'closed') return nothing;
    const {rollout, action, state} = this;
    const who = `${rollout.namespace}/${rollout.name}`;
    return html`<dialog class="act" aria-labelledby="act-title" @close=${this.#closed}>
      <form @submit=${this.#send}>
        <h2 id="act-title">${ACTIONS[action] ?? action}: ${who}</h2>
        <p class="note">in cluster ${rollout.cluster}, run ${rollout.run}, revision ${rollout.revision}</p>
        <p class="effect">${effectOf(action, rollout)}</p>
        ${state === 'asking' || state === 'sent' || state === 'unknown' ? html`
          <label>Reason, for the history <input name="reason" maxlength="1000" autocomplete="off" ?readonly=${state !== 'asking'} placeholder="optional"></label>` : nothing}
        <p class="result ${state}" role="status">${this.words}</p>
        <div class="buttons">
          <button type="button" class="close" @click=${() => this.querySelector('dialog').close()}>${state === 'asking' ? 'Cancel' : 'Close'}</button>
          ${state === 'asking' || state === 'sent' || state === 'unknown' ? html`<button class="main ${action === 'abort' ? 'danger' : ''}" ?disabled=${state === 'sent'}>${
            state === 'sent' ? 'Waiting for the decision…' : state === 'unknown' ? 'Send again' : ACTIONS[action] ?? action}</button>` : nothing}
        </div>
      </form>
    </dialog>`;
  }

  #send = async (event) => {
    event.preventDefault();
    if (this.state !== 'asking' && this.state !== 'unknown') return;
    const {rollout, action} = this;
    const reason = new FormData(event.target).get('reason').trim();
    // Sent again it is the same with the same key, and done once.
    this.#body ||= JSON.stringify({action, reason, run: rollout.run, ifSequence: action === 'abort' || action === 'pause' ? 0 : rollout.sequence});
    let taken = false;
    const key = this.#key;
    const left = () => this.state !== 'sent' || key !== this.#key;
    this.state = 'sent';
    this.words = '';
    try {
      let answer = await ask(`${pathOf(rollout)}/actions`, {
        method: 'POST',
        headers: {'Content-Type': 'application/json', 'Idempotency-Key': this.#key},
        body: this.#body,
      });
      taken = true;
      for (let tries = 0; answer.status === 202 && tries < 60 && !left(); tries++) {
        this.words = 'It is not decided yet; it is looked again.';
        await pause(2_000);
        answer = await ask(answer.location ?? `${pathOf(rollout)}/actions/${encodeURIComponent(answer.body.id)}`);
      }
      if (left()) return;
      if (answer.status === 202) throw new Error('it is not decided after two minutes; look at the history');
      this.state = 'done';
      this.words = `${answer.body.outcome === 'unchanged' ? 'It was so already' : 'Done'}: ${answer.body.message} (event ${answer.body.sequence})`;
    } catch (refused) {
      if (left()) return;
      const known = isRefusal(refused.status, taken);
      this.state = known ? 'refused' : 'unknown';
      const possible = refused.body?.possible?.length ? ` Possible now: ${refused.body.possible.join(', ')}.` : '';
      this.words = known ? `Refused: ${refused.message}.${possible}`
        : `${taken ? 'It was taken, and it is not known what became of it' : 'It is not known whether it was taken'}: ${refused.message}. Sent again, it is done once.`;
    }
    this.dispatchEvent(new CustomEvent('decided', {bubbles: true}));
  };

  #closed = () => {
    this.state = 'closed';
    this.#from?.focus?.();
  };
}
customElements.define('serinus-act', SerinusAct);
