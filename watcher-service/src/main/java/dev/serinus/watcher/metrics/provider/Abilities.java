package dev.serinus.watcher.metrics.provider;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What a kind of provider can do, beside answering for the present. The README has it as a table.
 *
 * @param tellsCanary whether it tells the server which canary asks, so that another that asks the
 *     same may be answered otherwise
 * @param ranges whether it can be asked for a span of time ({@link MetricsProvider#range})
 * @param authorization the keys of its Secret that go into the header {@code Authorization}, in
 *     whose place a template's {@code auth} may be
 * @param ownIdentity as whom it is asked whatever a template's {@code auth} says, which is refused;
 *     null where auth has its effect
 */
public record Abilities(
        boolean tellsCanary,
        boolean ranges,
        List<String> authorization,
        @Nullable String ownIdentity) {

    /** Of most: they tell nobody of the canary, and have no ranges. */
    static final Abilities PLAIN = new Abilities(false, false, List.of(), null);

    public Abilities {
        authorization = List.copyOf(authorization);
    }
}
