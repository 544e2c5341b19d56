/** What is shown, in words and signs: a colour is never alone. */
import {html, svg, nothing} from 'lit';

export const ATTENTION = {
  'failed-with-traffic': {word: 'Failed, with traffic', tone: 'bad', sign: 'cross'},
  failed: {word: 'Failed', tone: 'bad', sign: 'cross'},
  'waits-for-people': {word: 'Waits for people', tone: 'warn', sign: 'hand'},
  late: {word: 'Late', tone: 'warn', sign: 'clock'},
  running: {word: 'Running', tone: 'run', sign: 'play'},
  quiet: {word: 'Quiet', tone: 'good', sign: 'tick'},
};

const PATHS = {
  cross: 'M4 4l8 8M12 4l-8 8',
  hand: 'M5.5 3.5v9M10.5 3.5v9',
  clock: 'M8 3.5v5l3 2M8 1.5a6.5 6.5 0 1 0 .01 0',
  play: 'M5 3.5l7 4.5-7 4.5z',
  tick: 'M3 8.5l3.5 3.5L13 4.5',
  turn: 'M12.5 6A5 5 0 1 0 13 9M13 3v3.5H9.5',
  up: 'M8 13V3.5M4 7l4-4 4 4',
  person: 'M8 8a2.7 2.7 0 1 0-.01 0M3 14c.5-3 2.5-4.5 5-4.5s4.5 1.5 5 4.5',
  bell: 'M3.5 12h9l-1-1.5V7.5a3.5 3.5 0 0 0-7 0v3zM7 14h2',
  dot: 'M8 6.5a1.5 1.5 0 1 0 .01 0',
};

export const sign = (name) => svg`<svg class="sign" viewBox="0 0 16 16" aria-hidden="true" focusable="false"><path d=${PATHS[name] ?? PATHS.dot}></path></svg>`;

export function badge(attention, word) {
  const look = ATTENTION[attention] ?? ATTENTION.running;
  return html`<span class="badge ${look.tone}">${sign(look.sign)}<span>${word ?? look.word}</span></span>`;
}

/** Flagger's phases, and what they mean to somebody who does not know them. */
export const PHASES = {
  Initializing: 'the primary is being made',
  Initialized: 'ready for the first release',
  Waiting: 'waits before it begins',
  Progressing: 'more and more traffic meets the canary',
  WaitingPromotion: 'waits before everybody gets it',
  Promoting: 'the primary gets the new version',
  Finalising: 'traffic goes back to the primary',
  Succeeded: 'everybody has the new version',
  Failed: 'was taken back',
  Terminating: 'is being taken away',
};

export const percent = (share) => `${Number(share.toFixed(2))} %`;

export function short(revision) {
  return revision.length > 12 ? `${revision.slice(0, 10)}…` : revision;
}

/** Of an image what tells it from others in little room: the name behind the last slash, its tag, the beginning of its digest. */
export const shortImage = (image) => image.slice(image.lastIndexOf('/') + 1).replace(/(@[^:]+:[0-9a-f]{12})[0-9a-f]+$/, '$1');

/** Of the images of a revision; empty where they are not known. */
export const shortImages = (images) => (images ?? []).map(shortImage).join(', ');

/** What a rollout can be found by beside its name: its revisions and the images of both. */
export const releaseWords = (row) => [row.revision, row.promotedRevision, ...(row.images ?? []), ...(row.primaryImages ?? [])].join(' ').toLowerCase();

/** What a button will do, said before it is pressed. */
export function effectOf(action, rollout) {
  const share = percent(rollout.canaryWeight);
  switch (action) {
    case 'abort':
      return `The canary is taken back: ${share} of the traffic → 0 %. ${rollout.promotedRevision ? `The primary stays at ${short(rollout.promotedRevision)}.` : ''}`;
    case 'promote':
      return `The rest of the analysis and its gates are skipped: everybody gets ${short(rollout.revision)} now.`;
    case 'pause':
      return `Nothing advances any more. The traffic stays where it is (${share} at the canary), metrics are not checked, and nothing takes it back for what they say. Only pods that stop serving lose their traffic.`;
    case 'resume':
      return 'It goes on from where it is.';
    case 'approve':
      return 'The gate that waits is passed once, at this step.';
    case 'skip':
      return 'It goes on to the next step without waiting for this one or judging it.';
    case 'retry':
      return `${short(rollout.revision)} is tried again from the beginning.`;
    default:
      return '';
  }
}

export const ACTIONS = {
  approve: 'Approve',
  resume: 'Resume',
  retry: 'Retry',
  pause: 'Pause',
  skip: 'Skip step',
  promote: 'Promote now',
  abort: 'Abort',
};

/** Which of the possible ends a wait for people; null where it waits for nobody. */
export function endsWait({possibleActions}) {
  return ['resume', 'approve'].find((each) => possibleActions.includes(each)) ?? null;
}

/** A text may be empty. */
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

const checks = (failed) => failed ? ` (${failed} failed ${failed === 1 ? 'check' : 'checks'})` : '';

/** What happens now, as a sentence. */
export function sentence(rollout) {
  if (rollout.waitingFor) return `Waits for: ${rollout.waitingFor}`;
  if (rollout.takenBack) return `${rollout.phase === 'Failed' ? 'Was' : 'Is being'} taken back: ${rollout.takenBack.because}${checks(rollout.takenBack.failedChecks)}`;
  if (rollout.phase === 'Progressing') return `${percent(rollout.canaryWeight)} of the traffic meets the canary; it is watched`;
  const words = PHASES[rollout.phase];
  return capital(words ?? rollout.phase);
}

/** The same where there is little room, and the state stands beside it. */
export function brief(rollout) {
  return capital(rollout.waitingFor || sentence(rollout));
}

export function traffic(rollout) {
  const canary = rollout.canaryWeight;
  const baseline = rollout.baselineWeight ?? 0;
  return html`<span class="traffic" role="img" aria-label="${percent(canary)} of the traffic at the canary">
    <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">
      <rect class="primary" width="100" height="8"></rect>
      <rect class="baseline" x=${canary} width=${baseline} height="8"></rect>
      <rect class="canary" width=${canary} height="8"></rect>
    </svg><span class="share" aria-hidden="true">${percent(canary)}</span>${
      rollout.mirrorWeight ? html`<span class="note">${percent(rollout.mirrorWeight)} copied</span>` : nothing}</span>`;
}
