/** A dialog before something is done: what it will do, why, and then what became of it. */
import {LitElement, html, nothing} from 'lit';

/**
 * Whoever extends it answers `asks()`: {title, about, effect, reason, longest, label, sent, again, danger}, and
 * `attempt(reason, left)`: what became of it, in words. What it throws is put into words by `failed(refused)`:
 * {state, words}. `left()` is true once nobody waits for it any more.
 */
export class ReasonDialog extends LitElement {
  static properties = {state: {state: true}, words: {state: true}};

  #from = null;
  #opened = 0;

  constructor() {
    super();
    this.state = 'closed';
  }

  createRenderRoot() {
    return this;
  }

  /** Where it may be sent again with what was asked the first time. */
  get sendsAgain() {
    return false;
  }

  begin() {
    this.#from = document.activeElement;
    this.#opened++;
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
    const {state} = this;
    const it = this.asks();
    const open = state === 'asking' || state === 'sent' || (state === 'unknown' && this.sendsAgain);
    return html`<dialog class="act" aria-labelledby="${this.localName}-title" @close=${this.#closed}>
      <form @submit=${this.#send}>
        <h2 id="${this.localName}-title">${it.title}</h2>
        <p class="note">${it.about}</p>
        <p class="effect">${it.effect}</p>
        ${open ? html`<label>${it.reason} <input name="reason" maxlength=${it.longest} autocomplete="off" ?readonly=${state !== 'asking'} placeholder="optional"></label>` : nothing}
        <p class="result ${state}" role="status">${this.words}</p>
        <div class="buttons">
          <button type="button" class="close" @click=${() => this.querySelector('dialog').close()}>${state === 'asking' ? 'Cancel' : 'Close'}</button>
          ${open ? html`<button class="main ${it.danger ? 'danger' : ''}" ?disabled=${state === 'sent'}>${
            state === 'sent' ? it.sent : state === 'unknown' ? 'Send again' : it.label}</button>` : nothing}
        </div>
      </form>
    </dialog>`;
  }

  #send = async (event) => {
    event.preventDefault();
    if (this.state !== 'asking' && !(this.state === 'unknown' && this.sendsAgain)) return;
    const reason = new FormData(event.target).get('reason').trim();
    const opened = this.#opened;
    const left = () => this.state !== 'sent' || opened !== this.#opened;
    this.state = 'sent';
    this.words = '';
    try {
      const words = await this.attempt(reason, left);
      if (left()) return;
      this.state = 'done';
      this.words = words;
    } catch (refused) {
      if (left()) return;
      Object.assign(this, this.failed(refused));
    }
    this.decided();
  };

  /** It was answered. */
  decided() {}

  /** It is closed; before says in which state it was. */
  ended() {}

  #closed = () => {
    const before = this.state;
    this.state = 'closed';
    this.#from?.focus?.();
    this.ended(before);
  };
}
