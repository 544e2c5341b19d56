/** A manifest, pasted: what it will do, and what is wrong with it, before it is anywhere. It stays in this page and is kept nowhere. */
import {LitElement, html, nothing} from 'lit';
import {ask} from './api.js';
import {lasting} from './time.js';
import {percent} from './words.js';

const COURSES = [['atBest', 'At best'], ['atWorst', 'At worst'], ['ifEveryCheckFails', 'If every check fails']];

class SerinusPlan extends LitElement {
  static properties = {text: {state: true}, plan: {state: true}, found: {state: true}, problem: {state: true}, busy: {state: true}, course: {state: true}};

  #asked = 0;

  constructor() {
    super();
    this.text = '';
    this.course = 'atBest';
    this.#forget();
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    document.title = 'Plan · Serinus';
  }

  #forget() {
    this.plan = null;
    this.found = null;
    this.problem = null;
  }

  render() {
    return html`<h1>Plan</h1>
      <p>What a Canary does with the next new version, and what is to be said of manifests. Nothing of it is kept or applied. The same is told by <span class="mono">deploy/serinus plan</span> and <span class="mono">lint</span>, which know the settings of a cluster, too.</p>
      <form class="manifest" @submit=${this.#plan}>
        <label for="manifest">Manifest, YAML or JSON</label>
        <textarea id="manifest" rows="16" spellcheck="false" autocomplete="off" required .value=${this.text} @input=${(event) => (this.text = event.target.value)}></textarea>
        <div class="buttons"><button class="main" ?disabled=${this.busy}>Show the plan</button>
          <button type="button" @click=${this.#lint} ?disabled=${this.busy || !this.text.trim()}>Find mistakes</button></div>
      </form>
      ${this.problem ? this.#refused(this.problem) : nothing}
      ${this.plan ? this.#planned(this.plan) : nothing}
      ${this.found ? this.#linted(this.found) : nothing}`;
  }

  #refused({message, body}) {
    return html`<section class="panel" role="alert" aria-labelledby="refused-title"><h2 id="refused-title">Refused</h2><p>${message}</p>
      ${body?.errors ? html`<ul>${body.errors.map((it) => html`<li>Line ${it.line}: <span class="mono">${it.pointer}</span> ${it.detail}</li>`)}</ul>` : nothing}</section>`;
  }

  #planned(plan) {
    const course = plan[this.course];
    return html`<section class="panel" role="status" aria-labelledby="planned-title">
      <div class="panel-head"><h2 id="planned-title">${plan.namespace}/${plan.name}, by ${plan.provider}</h2>
        <label>Course <select @change=${(event) => (this.course = event.target.value)}>${COURSES.map(([id, word]) => html`
          <option value=${id} ?selected=${id === this.course}>${word}: ${ended(plan[id])}</option>`)}</select></label></div>
      ${plan.warnings.length ? html`<h3>Look at</h3><ul>${plan.warnings.map((it) => html`<li>${it}</li>`)}</ul>` : nothing}
      <div class="scroll" tabindex="0" role="region" aria-label="Steps"><table class="list">
        <thead><tr><th scope="col">After</th><th scope="col">Canary</th><th scope="col">Phase</th><th scope="col">What</th></tr></thead>
        <tbody>${course.steps.map((it) => html`<tr><th scope="row">${lasting(it.afterMillis, true)}</th><td>${percent(it.canaryWeight)}</td><td>${it.phase}</td><td>${it.message}</td></tr>`)}</tbody>
      </table></div>
      <p class="note">${course.stepsLeftOut ? `${course.stepsLeftOut} more are left out. ` : ''}${course.waitingFor ? `It does not end by itself: ${course.waitingFor}. ` : ''}Metrics are asked ${course.checks} times, hooks ${course.hookCalls}. Assumed: ${plan.assumed}.</p>
    </section>`;
  }

  #linted(found) {
    return html`<section class="panel" role="status" aria-labelledby="linted-title"><h2 id="linted-title">${
      found.errors} wrong, ${found.warnings} warnings, ${found.notes} notes, in ${found.resources} resources</h2>
      ${found.findings.length ? html`<div class="scroll" tabindex="0" role="region" aria-label="Findings"><table class="list">
        <thead><tr><th scope="col">Line</th><th scope="col">How much</th><th scope="col">Of</th><th scope="col">What</th></tr></thead>
        <tbody>${found.findings.map((it) => html`<tr><th scope="row">${it.line}</th><td><span class="pill ${it.level === 'error' ? 'bad' : ''}">${it.level}</span></td><td>${it.resource}</td><td>${it.message}</td></tr>`)}</tbody>
      </table></div>` : nothing}
      ${found.notJudged.length ? html`<p class="note">Not judged, as they are not of flagger.app: ${found.notJudged.join(', ')}</p>` : nothing}</section>`;
  }

  #plan = async (event) => {
    event.preventDefault();
    await this.#send('plan');
  };

  #lint = () => this.#send('lint');

  async #send(what) {
    this.#forget();
    this.busy = true;
    const asked = ++this.#asked;
    try {
      const {body} = await ask(`/api/v1/${what}`, {method: 'POST', headers: {'Content-Type': 'application/yaml'}, body: this.text});
      if (asked === this.#asked) this[what === 'plan' ? 'plan' : 'found'] = body;
    } catch (refused) {
      if (asked === this.#asked) this.problem = refused;
    }
    this.busy = false;
  }
}

/** Ends of a course as in the status; who does not end waits. */
function ended(course) {
  return course.end ? `${course.end} after ${lasting(course.lastsMillis, true)}` : 'no end';
}
customElements.define('serinus-plan', SerinusPlan);
