package dev.serinus.analysis.rollout.gate;

/**
 * Somebody who may close a gate. Pure: whatever has to be asked elsewhere is an opinion as well.
 */
interface GateSource {

    Opinion at(GateFacts facts);
}
