/** Which page answers which question. It works without any other host; the guide lies with the software. */
import {LitElement, html} from 'lit';

const QUESTIONS = [
  ['Is anything broken now?', '#/fleet', 'Fleet', 'What needs people stands first: failed with traffic, failed, waits for people, late.'],
  ['What does it wait for, and for whom?', '#/fleet', 'Fleet, then one rollout', 'A sentence, with the button that ends the wait and when it ends by itself.'],
  ['Why was it taken back?', '#/fleet', 'One rollout', 'Its timeline: weight, each metric against its bounds, hooks, gates, alerts and people. Point at a moment for the evidence.'],
  ['Was the last release better?', '#/fleet', 'One rollout', 'Choose a run to compare with: both in one picture, and a table.'],
  ['Who did what?', '#/history', 'History', 'Of people, or of all; it can be taken along.'],
  ['Who was refused what?', '#/audit', 'Audit', 'Actions, refusals, replays, gates and logins, with their reasons; it can be taken along.'],
  ['What runs where?', '#/where', 'What runs where', 'Revisions by cluster.'],
  ['Who has the places, and are we frozen?', '#/budgets', 'Budgets', 'Who runs and who waits in each budget, freezes now and next, who waits for whom.'],
  ['Which gate is closed, by whom?', '#/gates', 'Gates', 'Who waits at one, and the gates that a load tester keeps.'],
  ['What would this Canary do?', '#/plan', 'Plan', 'Paste a manifest: its steps with their times at best and at worst, and what is wrong with it.'],
  ['What could no service use?', '#/dead-letters', 'Dead letters', 'Why it was set aside, and whether it may be put on its topic once more.'],
];

const KEYS = [['/', 'search the fleet'], ['↑ ↓', 'from row to row'], ['Enter', 'open, or send'], ['Esc', 'close a dialog']];

class SerinusHelp extends LitElement {
  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    document.title = 'Help · Serinus';
  }

  render() {
    return html`<h1>Help</h1>
      <div class="scroll" tabindex="0" role="region" aria-label="Which page answers which question"><table class="list">
        <thead><tr><th scope="col">Question</th><th scope="col">Page</th><th scope="col">What it shows</th></tr></thead>
        <tbody>${QUESTIONS.map(([question, link, page, words]) => html`<tr><th scope="row">${question}</th><td><a href=${link}>${page}</a></td><td>${words}</td></tr>`)}</tbody>
      </table></div>
      <section class="panel help" aria-labelledby="keys-title"><h2 id="keys-title">Keys</h2>
        <dl class="facts">${KEYS.map(([key, words]) => html`<div><dt class="mono">${key}</dt><dd>${words}</dd></div>`)}</dl></section>
      <section class="panel" aria-labelledby="guide-title"><h2 id="guide-title">The guide</h2>
        <p>It lies with the software, in <span class="mono">deploy/guide</span>: <span class="mono">see-and-act.md</span> is about these pages, <span class="mono">control.md</span> about what each action does, <span class="mono">troubleshooting.md</span> about what to do when something does not work.</p>
        <p>The same is told in a terminal: <span class="mono">deploy/serinus get</span>, <span class="mono">describe</span>, <span class="mono">watch</span>; and by the API below <span class="mono">/api/v1</span>.</p></section>`;
  }
}
customElements.define('serinus-help', SerinusHelp);
