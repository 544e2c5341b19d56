/** The frame around all pages: where one is, whether it is current, who one is. */
import {LitElement, html, nothing} from 'lit';
import {fleet} from './fleet-data.js';
import {hasToken, howToLogIn, logIn, logInAtProvider, logOut, onLogin} from './api.js';
import './time.js';
import './fleet.js';
import './rollout.js';
import './history.js';
import './audit.js';
import './where.js';
import './budgets.js';
import './gates.js';
import './letters.js';
import './plan.js';
import './help.js';
import './act.js';
import './ask-reason.js';

const PAGES = [
  ['fleet', 'Fleet'],
  ['history', 'History'],
  ['audit', 'Audit'],
  ['where', 'What runs where'],
  ['budgets', 'Budgets'],
  ['gates', 'Gates'],
  ['dead-letters', 'Dead letters'],
  ['plan', 'Plan'],
];

/** As it is where it is no encoding of anything: an address may be typed. */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Where a link leads: #/page/parts?query. */
export function route() {
  const [path, query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  const parts = path.split('/').filter(Boolean).map(decoded);
  return {page: parts[0] ?? 'fleet', parts: parts.slice(1), query: new URLSearchParams(query)};
}

class SerinusApp extends LitElement {
  static properties = {place: {state: true}, connection: {state: true}, ofPage: {state: true}, theme: {state: true}, asking: {state: true}, login: {state: true}, notLoggedOut: {state: true}};

  constructor() {
    super();
    this.place = route();
    this.connection = fleet.connection;
    this.ofPage = null;
    this.theme = localStorage.getItem('serinus.theme') ?? 'auto';
    this.asking = false;
    this.login = {};
    this.notLoggedOut = '';
    onLogin(this.#lookWho);
    this.#lookWho();
    this.#dress();
    addEventListener('hashchange', () => {
      const before = this.place.page + this.place.parts;
      this.place = route();
      if (this.place.page !== 'rollouts') this.ofPage = null;
      if (before !== this.place.page + this.place.parts) this.#arrive = true;
    });
    fleet.addEventListener('connection', () => {
      this.connection = fleet.connection;
      if (this.connection.refused === 401) this.asking = true;
    });
    fleet.start();
  }

  /** Who one is, and how to be somebody else; without it the token is what is asked for. */
  #lookWho = async () => {
    this.login = await howToLogIn().catch(() => ({}));
  };

  /** What is known of a page is as current as its own connection, where it has one. */
  get current() {
    const both = [this.ofPage, this.connection].filter(Boolean);
    return both.find((it) => it.because) ?? both.find((it) => !it.live) ?? this.connection;
  }

  #ofPage = ({detail}) => {
    this.ofPage = detail;
    if (detail.refused === 401) this.asking = true;
  };

  #arrive = false;

  createRenderRoot() {
    return this;
  }

  updated() {
    if (this.#arrive) {
      this.#arrive = false;
      this.querySelector('main')?.focus({preventScroll: true});
      scrollTo(0, 0);
    }
    const dialog = this.querySelector('dialog.login');
    if (dialog && this.asking && !dialog.open) dialog.showModal();
  }

  render() {
    const {page, parts} = this.place;
    const {live, because, refused} = this.current;
    return html`
      <a class="skip" href="#content" @click=${this.#skip}>To the content</a>
      <header class="top">
        <a class="brand" href="#/fleet"><img src="/dashboard/icon.svg" alt="" width="28" height="28"><span>Serinus</span></a>
        <nav aria-label="Pages">${PAGES.map(([id, word]) => html`<a href="#/${id}" aria-current=${page === id ? 'page' : nothing}>${word}</a>`)}</nav>
        <span class="gap"></span>
        <span class="live ${live ? 'on' : 'off'}" role="status">${
          live ? 'Live' : because ? 'Not current' : 'Connecting…'}</span>
        <a class="help-link" href="#/help" aria-current=${page === 'help' ? 'page' : nothing}>Help</a>
        <button class="quiet" @click=${this.#turn} aria-label="Colours: ${this.theme}. Change">${
          {auto: '◐ Auto', light: '○ Light', dark: '● Dark'}[this.theme]}</button>
        ${this.login.required && this.login.caller ? html`<span class="who" title="Logged in">${this.login.caller}</span>` : nothing}
        ${hasToken() || this.login.bySession
          ? html`<button class="quiet" @click=${this.#logOut}>Log out</button>`
          : nothing}
      </header>
      ${live || !because ? nothing : html`
        <p class="stale" role="alert"><strong>What you see is not current:</strong> ${because}. ${
          refused ? html`<button @click=${() => (this.asking = true)}>Log in</button>` : 'It is tried again by itself.'}</p>`}
      ${this.notLoggedOut ? html`<p class="stale" role="alert"><strong>You are still logged in:</strong> ${this.notLoggedOut}.</p>` : nothing}
      <main id="content" tabindex="-1" @connection=${this.#ofPage}>${this.#page(page, parts)}</main>
      <serinus-act></serinus-act>
      <serinus-ask></serinus-ask>
      ${this.asking ? this.#login() : nothing}`;
  }

  #page(page, parts) {
    switch (page) {
      case 'rollouts':
        return html`<serinus-rollout .cluster=${parts[0]} .namespace=${parts[1]} .name=${parts[2]}></serinus-rollout>`;
      case 'history':
        return html`<serinus-history .query=${this.place.query}></serinus-history>`;
      case 'audit':
        return html`<serinus-audit .query=${this.place.query}></serinus-audit>`;
      case 'where':
        return html`<serinus-where .query=${this.place.query}></serinus-where>`;
      case 'budgets':
        return html`<serinus-budgets></serinus-budgets>`;
      case 'gates':
        return html`<serinus-gates .query=${this.place.query}></serinus-gates>`;
      case 'dead-letters':
        return parts.length ? html`<serinus-letter .letter=${parts.join('/')}></serinus-letter>` : html`<serinus-letters .query=${this.place.query}></serinus-letters>`;
      case 'plan':
        return html`<serinus-plan></serinus-plan>`;
      case 'help':
        return html`<serinus-help></serinus-help>`;
      default:
        return html`<serinus-fleet .query=${this.place.query}></serinus-fleet>`;
    }
  }

  #login() {
    const {refused, because} = this.current;
    const {provider} = this.login;
    const open = provider ? html`<details><summary>With a token</summary>${this.#byToken()}</details>` : this.#byToken();
    return html`<dialog class="login" aria-labelledby="login-title" @close=${() => (this.asking = false)}>
      <h2 id="login-title">Log in</h2>
      <p>${refused ? because : 'This installation asks who you are.'}</p>
      ${provider ? html`<div class="buttons"><button class="main" autofocus @click=${logInAtProvider}>Log in at ${new URL(provider).host}</button></div>` : nothing}
      ${open}
    </dialog>`;
  }

  #byToken() {
    return html`<form @submit=${this.#logIn}>
        <label>Token <input name="token" type="password" autocomplete="off" required ?autofocus=${!this.login.provider}></label>
        <p class="note">It is kept in this tab until you close it, and sent to this address alone.</p>
        <div class="buttons"><button class=${this.login.provider ? 'quiet' : 'main'}>Log in</button></div>
      </form>`;
  }

  #logOut = async () => {
    this.notLoggedOut = '';
    await logOut(Boolean(this.login.provider)).catch((failed) => {
      this.notLoggedOut = failed.message;
    });
  };

  #logIn = (event) => {
    event.preventDefault();
    const token = new FormData(event.target).get('token');
    this.querySelector('dialog.login').close();
    this.asking = false;
    logIn(token);
  };

  #skip = (event) => {
    event.preventDefault();
    this.querySelector('main').focus();
  };

  #turn = () => {
    this.theme = {auto: 'light', light: 'dark', dark: 'auto'}[this.theme];
    localStorage.setItem('serinus.theme', this.theme);
    this.#dress();
  };

  #dress() {
    if (this.theme === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = this.theme;
    dispatchEvent(new Event('serinus-theme'));
  }
}
customElements.define('serinus-app', SerinusApp);
