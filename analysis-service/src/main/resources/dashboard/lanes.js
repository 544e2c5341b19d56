/** What happened beside the numbers, a line for each kind: drawn to the same times as the plots above it. */
import {html, svg, nothing} from 'lit';
import {sign} from './words.js';

const GATES = new Set(['GateClosed', 'GateOpened', 'GateTimedOut', 'Frozen', 'FreezePassed', 'FreezeNotPassed', 'BudgetFull', 'WaveWaits']);
const HOLDS = new Set(['GateClosed', 'Frozen', 'BudgetFull', 'WaveWaits']);
const CHECKS = new Set(['StepPassed', 'CheckFailed', 'CheckInconclusive']);
const PAUSES = new Set(['Paused', 'Suspended', 'HeldAfterFailure', 'Held']);

const person = (it) => it.actor !== 'serinus';
const alert = (it) => it.type === 'Alert';

/** A lane more is a line more. */
const LANES = [
  {word: 'Run', has: (it) => !person(it) && !alert(it) && !GATES.has(it.type) && !CHECKS.has(it.type) && it.type !== 'TestReported'},
  {word: 'Checks', has: (it) => CHECKS.has(it.type)},
  {word: 'Tests', has: (it) => it.type === 'TestReported' || it.evidence.some((each) => each.report)},
  {word: 'Gates', has: (it) => GATES.has(it.type), holds: (it) => HOLDS.has(it.type)},
  {word: 'Alerts', has: alert},
  {word: 'People', has: person, holds: (it) => PAUSES.has(it.type)},
];

/** What was held, until something else happened in it: from and to, as times. */
function held(lane, events) {
  const spans = [];
  events.forEach((it, at) => {
    if (!lane.has(it) || !lane.holds?.(it)) return;
    const next = events.slice(at + 1).find((other) => !lane.holds(other) && (lane.has(other) || other.type === 'WeightShifted' || other.type === 'RollingBack' || other.type === 'RolledBack' || other.type === 'Promoting'));
    spans.push([Date.parse(it.at) / 1000, next ? Date.parse(next.at) / 1000 : null]);
  });
  return spans;
}

/**
 * Draws them.
 *
 * look: {toneOf(event), signOf(event)}; pointed(time) is called with the time that somebody points at.
 */
export function lanes(events, span, now, look, pointed) {
  const place = (time) => `${(100 * Math.min(1, Math.max(0, (time - span[0]) / (span[1] - span[0])))).toFixed(3)}%`;
  const width = (from, to) => `${Math.max(0.4, 100 * (Math.min(to, span[1]) - from) / (span[1] - span[0])).toFixed(3)}%`;
  return html`<div class="lanes">${LANES.map((lane) => {
    const shown = events.filter(lane.has);
    if (shown.length === 0) return nothing;
    return html`<div class="lane"><span class="lane-word">${lane.word}</span>
      <svg class="lane-marks" role="img" aria-label="${lane.word}: ${shown.length === 1 ? '1 event' : `${shown.length} events`}; the list of what happened tells the same" height="22"
        @pointermove=${(event) => pointed(nearest(event, shown, span))} @click=${(event) => pointed(nearest(event, shown, span))}>
        <line class="lane-line" x1="0" x2="100%" y1="11" y2="11"></line>
        ${held(lane, events).map(([from, to]) => svg`<rect class="lane-held" x=${place(from)} width=${width(from, to ?? now)} y="6" height="10"></rect>`)}
        ${shown.map((it) => svg`<svg class="lane-mark ${look.toneOf(it)}" x=${place(Date.parse(it.at) / 1000)} y="3" width="16" height="16" overflow="visible"><g transform="translate(-8 0)"><circle cx="8" cy="8" r="8"></circle>${
          svg`<g transform="translate(2.5 2.5) scale(.69)">${sign(look.signOf(it))}</g>`}</g></svg>`)}
      </svg></div>`;
  })}</div>`;
}

/** The time of the mark that is nearest to the pointer. */
function nearest(event, shown, span) {
  const box = event.currentTarget.getBoundingClientRect();
  const time = span[0] + (event.clientX - box.left) / box.width * (span[1] - span[0]);
  const times = shown.map((it) => Date.parse(it.at) / 1000);
  return times.reduce((best, it) => Math.abs(it - time) < Math.abs(best - time) ? it : best);
}
