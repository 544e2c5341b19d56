package dev.serinus.notifier.chat;

import dev.serinus.notifier.mail.Envelope;
import dev.serinus.schemas.canary.AlertProviderSpec;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    private static final String ADDRESS = "address";
    private static final String SECRET = "its Secret";
    private static final String ITS_ADDRESS = "its address ";
    private static final String ITS_KEY = SECRET + " has the key " + ADDRESS + ", which ";

    /** Keys of an AlertProvider's Secret that are read. */
    public static final List<String> SECRET_KEYS =
            List.of(ADDRESS, "token", "signingKey", "username", "password");

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
        Set<String> problems = new LinkedHashSet<>(notifier.problems(spec));
        if (spec.secretRef() == null && spec.address() != null && !spec.address().isBlank()) {
            // There is no Secret, so that nothing is missing here that may be known later.
            problems(spec, Map.of()).forEach(each -> problems.add(withoutSecret(each)));
        }
        String proxy = Objects.requireNonNullElse(spec.proxy(), "");
        if (notifier instanceof WebNotifier
                && !proxy.isBlank()
                && Delivery.proxy(proxy).isEmpty()) {
            problems.add("spec.proxy must be http://HOST:PORT");
        }
        if (spec.digest() != null) {
            if (!notifier.takesDigests()) {
                problems.add(
                        "spec.digest has to be left out: %s is told at once"
                                .formatted(spec.type()));
            } else if (Digest.every(spec.digest()).isEmpty()) {
                problems.add("spec.digest must be 1m to 24h, such as 10m");
            }
        }
        return List.copyOf(problems);
    }

    /** What is said of a provider with a Secret, of one that has none. */
    private static String withoutSecret(String problem) {
        return problem.startsWith(SECRET)
                ? "spec.secretRef has to be set in place of spec.address, which may be its key"
                        + " address: "
                        + problem
                : problem.replaceFirst("^" + ITS_ADDRESS, "spec.address ");
    }

    /**
     * Every mistake of the Secret that a manifest of a known type names.
     *
     * @param secret its keys and values; none is quoted
     */
    public List<String> problems(AlertProviderSpec spec, Map<String, String> secret) {
        Notifier notifier = byType.get(spec.type());
        if (notifier == null) {
            return List.of();
        }
        String address = secret.getOrDefault(ADDRESS, "").strip();
        boolean secrets = !address.isEmpty();
        if (!secrets) {
            address = Objects.requireNonNullElse(spec.address(), "");
        }
        if (address.isEmpty()) {
            address = notifier.usualAddress().orElse("");
        }
        if (address.isEmpty()) {
            return List.of(SECRET + " needs the key " + ADDRESS);
        }
        var destination =
                new Destination(
                        spec.type(),
                        Destination.DEFAULT_CHANNEL,
                        Destination.DEFAULT_USERNAME,
                        address,
                        secret.get("token"),
                        spec.proxy(),
                        new Destination.Options(
                                spec.method(),
                                secret.get("signingKey"),
                                spec.messageTemplate(),
                                new Envelope(
                                        Objects.requireNonNullElse(spec.from(), ""),
                                        Objects.requireNonNullElse(spec.to(), List.of()),
                                        secret.get("username"),
                                        secret.get("password"))));
        Set<String> problems = new LinkedHashSet<>();
        notifier.wrongAddress(address).ifPresent(wrong -> problems.add(ITS_ADDRESS + wrong));
        problems.addAll(notifier.problems(destination));
        return problems.stream()
                .map(each -> secrets ? each.replaceFirst("^" + ITS_ADDRESS, ITS_KEY) : each)
                .toList();
    }

    /** The values of an AlertProvider's spec.type that are served. */
    public Set<String> types() {
        return byType.keySet();
    }
}
