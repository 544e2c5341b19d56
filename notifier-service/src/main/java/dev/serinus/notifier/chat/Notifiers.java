package dev.serinus.notifier.chat;

import dev.serinus.schemas.canary.AlertProviderSpec;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Services that tell people, by type. */
public final class Notifiers {

    /** Every one there is; a new one is its class and a line here. */
    public static final Notifiers ALL =
            new Notifiers(
                    List.of(
                            new Slack(),
                            new Discord(),
                            new Rocket(),
                            new MsTeams(),
                            new GoogleChat(),
                            new MsTeamsWorkflow(),
                            new PagerDuty(),
                            new Opsgenie(),
                            new Custom(),
                            new Grafana(),
                            new GitHub(),
                            new GitLab(),
                            new Email()));

    private final Map<String, Notifier> byType;

    Notifiers(List<Notifier> all) {
        byType =
                all.stream()
                        .collect(Collectors.toUnmodifiableMap(Notifier::type, Function.identity()));
    }

    /** The one that serves this type. */
    public Optional<Notifier> of(String type) {
        return Optional.ofNullable(byType.get(type));
    }

    /**
     * Every mistake that a manifest of a known type shows without its Secret, by path; a path ends
     * with a blank.
     */
    public List<String> problems(AlertProviderSpec spec) {
        Notifier notifier = byType.get(spec.type());
        if (notifier == null) {
            return List.of();
        }
        List<String> problems = new ArrayList<>(notifier.problems(spec));
        if (spec.digest() != null) {
            if (!notifier.takesDigests()) {
                problems.add(
                        "spec.digest has to be left out: %s is told at once"
                                .formatted(spec.type()));
            } else if (Digest.every(spec.digest()).isEmpty()) {
                problems.add("spec.digest must be 1m to 24h, such as 10m");
            }
        }
        return problems;
    }

    /** The values of an AlertProvider's spec.type that are served. */
    public Set<String> types() {
        return byType.keySet();
    }
}
