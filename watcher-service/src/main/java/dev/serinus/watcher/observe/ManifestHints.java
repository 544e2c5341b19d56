package dev.serinus.watcher.observe;

import dev.serinus.schemas.cluster.Observed;
import dev.serinus.watcher.cluster.WatchedCanary;
import dev.serinus.watcher.cluster.WatchedCanary.Verdict;

import java.util.ArrayList;
import java.util.List;

/** What of a Canary's manifest works otherwise than its author may think, in sentences. */
final class ManifestHints {

    /** They stand in the status: more than a person reads are counted. */
    static final int MOST = 20;

    private static final int LONGEST = 1_000;

    private final MissingTemplates missing;

    ManifestHints(MissingTemplates missing) {
        this.missing = missing;
    }

    /** A sentence for each, which begins with the path; none of a spec that breaks rules. */
    List<String> of(Observed<WatchedCanary> canary) {
        if (!(canary.value().verdict()
                instanceof Verdict.Accepted(var spec, _, var unused, var hints))) {
            return List.of();
        }
        List<String> all = new ArrayList<>(missing.of(canary));
        all.addAll(hints);
        unused.forEach(
                path ->
                        all.add(
                                "%s: provider %s makes nothing of it"
                                        .formatted(path, spec.getProvider())));
        List<String> told = new ArrayList<>();
        all.stream().limit(MOST).map(ManifestHints::bounded).forEach(told::add);
        if (all.size() > MOST) {
            told.add("and %d more: see serinus lint".formatted(all.size() - MOST));
        }
        return List.copyOf(told);
    }

    private static String bounded(String sentence) {
        return sentence.length() <= LONGEST ? sentence : sentence.substring(0, LONGEST - 1) + "…";
    }
}
