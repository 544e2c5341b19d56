/** A manifest, pasted: what it will do, and what is wrong with it, before it is anywhere. It stays in this page and is kept nowhere. */
import {LitElement, html, nothing} from 'lit';
import {ask} from './api.js';
import {lasting} from './time.js';
import {percent} from './words.js';

const COURSES = [['atBest', 'At best'], ['atWorst', 'At worst'], ['ifEveryCheckFails', 'If every check fails']];

class SerinusPlan extends LitElement {
  static properties = {text: {state: true}, plan: {state: true}, found: {state: true}, problem: {state: true}, busy: {state: true}, course: {state: true}};

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
        <div class="buttons"><button class="main" aria-disabled=${this.busy ? 'true' : nothing}>Show the plan</button>
          <button type="button" @click=${this.#lint} aria-disabled=${this.busy || !this.text.trim() ? 'true' : nothing}>Find mistakes</button></div>
      </form>
      <p class="note" role="status">${this.#standing()}</p>
      ${this.problem ? this.#refused(this.problem) : nothing}
      ${this.plan ? this.#planned(this.plan) : nothing}
      ${this.found ? this.#linted(this.found) : nothing}`;
  }

  /** In one sentence, which is read out; the rest is there to be read. */
  #standing() {
    const {plan, found} = this;
    if (this.busy) return 'Asking…';
    if (plan) return `The plan is below: ${counted(plan.atBest.steps.length + plan.atBest.stepsLeftOut, 'step')} at best, ${ended(plan.atBest)}.`;
    if (found) return found.findings.length ? `What was found is below: ${summed(found)}.` : `Nothing was found in ${counted(found.resources, 'resource')}.`;
    return '';
  }

  #refused(problem) {
    return html`<section class="panel" role="alert" aria-labelledby="refused-title"><h2 id="refused-title">${titleOf(problem)}</h2><p>${problem.message}</p>
      ${problem.body?.errors ? html`<ul>${problem.body.errors.map((it) => html`<li>Line ${it.line}: <span class="mono">${it.pointer}</span> ${it.detail}</li>`)}</ul>` : nothing}</section>`;
  }

  #planned(plan) {
    const course = plan[this.course];
    return html`<section class="panel" aria-labelledby="planned-title">
      <div class="panel-head"><h2 id="planned-title" tabindex="-1">${plan.namespace}/${plan.name}, by ${plan.provider}</h2>
        <label>Course <select @change=${(event) => (this.course = event.target.value)}>${COURSES.map(([id, word]) => html`
          <option value=${id} ?selected=${id === this.course}>${word}: ${ended(plan[id])}</option>`)}</select></label></div>
      ${plan.findings.length ? html`<h3>Look at</h3><ul>${plan.findings.map((it) => html`<li>Line ${it.line}, ${it.level}: ${it.resource}: ${it.message}</li>`)}</ul>` : nothing}
      <div class="scroll" tabindex="0" role="region" aria-label="Steps"><table class="list">
        <thead><tr><th scope="col">After</th><th scope="col">Canary</th><th scope="col">Phase</th><th scope="col">What</th></tr></thead>
        <tbody>${folded(course.steps).map((group) => rows(group, plan.sharesKnown))}</tbody>
      </table></div>
      <p class="note">${course.stepsLeftOut ? `${course.stepsLeftOut} more are left out. ` : ''}${plan.sharesKnown ? '' : 'Each share below half is that or more, by how many pods there are: send what it releases with it. '}${course.waitingFor ? `It does not end by itself: ${course.waitingFor}. ` : ''}Metrics are asked ${counted(course.checks, 'time')}${course.hooks.length ? '' : ', and no hook is called'}. ${this.#told(plan.alerts)} Assumed: ${plan.assumed}.</p>
      ${course.hooks.length ? html`<h3>Hooks that are called</h3><ul>${course.hooks.map((it) => html`<li>${it.name} (${it.type}): ${counted(it.calls, 'time')}${it.takesBack ? '; any 2xx takes the release back at once' : ''}</li>`)}</ul>` : nothing}
    </section>`;
  }

  #told(alerts) {
    return alerts.length
      ? `Told are ${alerts.map((it) => `${it.name} (${it.severity}, AlertProvider ${it.provider})`).join(', ')}.`
      : 'It names no alerts: the chat of the installation is told, where it has one.';
  }

  #linted(found) {
    return html`<section class="panel" aria-labelledby="linted-title"><h2 id="linted-title" tabindex="-1">${summed(found)}</h2>
      ${found.findings.length ? html`<div class="scroll" tabindex="0" role="region" aria-label="Findings"><table class="list">
        <thead><tr><th scope="col">Line</th><th scope="col">Level</th><th scope="col">Resource</th><th scope="col">What</th></tr></thead>
        <tbody>${found.findings.map((it) => html`<tr><th scope="row">${it.line}</th><td><span class="pill ${it.level === 'error' ? 'bad' : ''}">${it.level}</span></td><td>${it.resource}</td><td>${it.message}</td></tr>`)}</tbody>
      </table></div>` : nothing}
      ${found.notJudged.length ? html`<p class="note">Not judged, as they are not of flagger.app: ${found.notJudged.join(', ')}</p>` : nothing}</section>`;
  }

  #plan = (event) => {
    event.preventDefault();
    return this.#send('plan');
  };

  #lint = () => this.#send('lint');

  async #send(what) {
    if (this.busy || !this.text.trim()) return;
    this.#forget();
    this.busy = true;
    try {
      const {body} = await ask(`/api/v1/${what}`, {method: 'POST', headers: {'Content-Type': 'application/yaml'}, body: this.text});
      this[what === 'plan' ? 'plan' : 'found'] = body;
    } catch (refused) {
      this.problem = refused;
    }
    this.busy = false;
    await this.updateComplete;
    // Who waits at the button is led to what came; who writes on is left there.
    if (this.querySelector('form .buttons')?.contains(document.activeElement)) this.querySelector('#planned-title, #linted-title')?.focus();
  }
}

/** Steps that say the same, one after the other; fewer than three stay as they are. What follows upon a check that passed says so. */
function folded(steps) {
  const groups = [];
  for (const step of steps.filter(({type}) => type !== 'StepPassed')) {
    const last = groups.at(-1);
    if (last && ['type', 'phase', 'canaryWeight', 'share', 'meets', 'message'].every((key) => last[0][key] === step[key])) last.push(step);
    else groups.push([step]);
  }
  return groups.flatMap((group) => (group.length < 3 ? group.map((step) => [step]) : [group]));
}

const MEETS = {matched: 'requests that match', copies: 'copies'};

function rows(group, sharesKnown) {
  const [first] = group;
  const share = `${first.meets === 'share' && !sharesKnown && first.canaryWeight < 50 ? 'at least ' : ''}${percent(first.share ?? first.canaryWeight)}`;
  const row = (after, what) => html`<tr><th scope="row">${after}</th><td>${MEETS[first.meets] ?? share}</td><td>${first.phase}</td><td>${what}</td></tr>`;
  const alone = row(lasting(first.afterMillis, true), first.message);
  return group.length === 1 ? alone : [alone, row(`to ${lasting(group.at(-1).afterMillis, true)}`, `… ${group.length - 1} ${first.type === 'WeightShifted' ? 'more checks' : 'times more'}${spacing(group)}`)];
}

/** How far they are apart, where that is the same for all. */
function spacing(group) {
  const apart = new Set(group.slice(1).map((step, place) => step.afterMillis - group[place].afterMillis));
  return apart.size === 1 ? `, one each ${lasting([...apart][0], true)}` : '';
}

const counted = (number, one) => `${number} ${one}${number === 1 ? '' : 's'}`;

const summed = ({errors, warnings, notes, resources}) => `${counted(errors, 'error')}, ${counted(warnings, 'warning')}, ${counted(notes, 'note')} in ${counted(resources, 'resource')}`;

/** What was sent is at fault, or it is not. */
function titleOf({status}) {
  if (status === undefined) return 'The hub does not answer';
  if (status === 429 || status === 503) return 'Not now';
  return status < 500 ? 'Refused' : 'It did not work';
}

/** Ends of a course as in the status; who does not end waits. */
function ended(course) {
  return course.end ? `${course.end} after ${lasting(course.lastsMillis, true)}` : 'no end';
}
customElements.define('serinus-plan', SerinusPlan);
