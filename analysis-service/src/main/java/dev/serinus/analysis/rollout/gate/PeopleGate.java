package dev.serinus.analysis.rollout.gate;

/** People: a suspended or paused rollout goes on nowhere. */
final class PeopleGate implements GateSource {

    @Override
    public Opinion at(GateFacts facts) {
        return facts.hold()
                .<Opinion>map(hold -> new Opinion.Closed(hold.by(), hold.because()))
                .orElseGet(Opinion.Open::new);
    }
}
