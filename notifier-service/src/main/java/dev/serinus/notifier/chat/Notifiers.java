package dev.serinus.notifier.chat;

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

    /** The values of an AlertProvider's spec.type that are served. */
    public Set<String> types() {
        return byType.keySet();
    }
}
