/** One dialog for all that people can ask of a rollout. */
import {ask, newKey, pathOf} from './api.js';
import {ReasonDialog} from './reason-dialog.js';
import {ACTIONS, effectOf} from './words.js';

/** Opens it; whoever draws the button need not know the dialog. */
export function act(rollout, action) {
  document.querySelector('serinus-act').open(rollout, action);
}

/** What it answers only when an action was decided upon, or could not be one. */
const isRefusal = (status, sent) => sent ? [409, 412, 422].includes(status) : status >= 400 && status < 500;

const pause = (milliseconds) => new Promise((over) => setTimeout(over, milliseconds));

class SerinusAct extends ReasonDialog {
  #rollout = null;
  #action = '';
  #key = '';
  #body = '';
  #taken = false;

  open(rollout, action) {
    this.#key = newKey();
    this.#body = '';
    this.#rollout = rollout;
    this.#action = action;
    this.begin();
  }

  /** Sent again it is the same with the same key, and done once. */
  get sendsAgain() {
    return true;
  }

  asks() {
    const rollout = this.#rollout, action = this.#action;
    const word = ACTIONS[action] ?? action;
    return {
      title: `${word}: ${rollout.namespace}/${rollout.name}`,
      about: `in cluster ${rollout.cluster}, run ${rollout.run}, revision ${rollout.revision}`,
      effect: effectOf(action, rollout),
      reason: 'Reason, for the history',
      longest: 1000,
      label: word,
      sent: 'Waiting for the decision…',
      danger: action === 'abort',
    };
  }

  async attempt(reason, left) {
    const rollout = this.#rollout, action = this.#action;
    this.#body ||= JSON.stringify({action, reason, run: rollout.run, ifSequence: action === 'abort' || action === 'pause' ? 0 : rollout.sequence});
    this.#taken = false;
    let answer = await ask(`${pathOf(rollout)}/actions`, {
      method: 'POST',
      headers: {'Content-Type': 'application/json', 'Idempotency-Key': this.#key},
      body: this.#body,
    });
    this.#taken = true;
    for (let tries = 0; answer.status === 202 && tries < 60 && !left(); tries++) {
      this.words = 'It is not decided yet; it is looked again.';
      await pause(2_000);
      answer = await ask(answer.location ?? `${pathOf(rollout)}/actions/${encodeURIComponent(answer.body.id)}`);
    }
    if (answer.status === 202) throw new Error('it is not decided after two minutes; look at the history');
    return `${answer.body.outcome === 'unchanged' ? 'It was so already' : 'Done'}: ${answer.body.message} (event ${answer.body.sequence})`;
  }

  failed(refused) {
    const possible = refused.body?.possible?.length ? ` Possible now: ${refused.body.possible.join(', ')}.` : '';
    return isRefusal(refused.status, this.#taken) ? {state: 'refused', words: `Refused: ${refused.message}.${possible}`}
      : {state: 'unknown', words: `${this.#taken ? 'It was taken, and it is not known what became of it' : 'It is not known whether it was taken'}: ${refused.message}. Sent again, it is done once.`};
  }

  decided() {
    this.dispatchEvent(new CustomEvent('decided', {bubbles: true}));
  }
}
customElements.define('serinus-act', SerinusAct);
