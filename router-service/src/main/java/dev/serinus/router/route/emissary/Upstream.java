package dev.serinus.router.route.emissary;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a Mapping leads, as its user writes that: {@code [SCHEME://]HOST[:PORT]}, the host with or
 * without a namespace.
 *
 * @param before the host: a scheme, or nothing
 * @param labels of the host; the first is a Service's name
 * @param after the host: a port, or nothing
 */
record Upstream(String before, List<String> labels, String after) {

    private static final Pattern SERVICE =
            Pattern.compile("((?:[A-Za-z][A-Za-z0-9+.-]*:)?//|)([^/:?#\\[\\]@]+)((?::\\d+)?.*)");
    private static final Pattern PORT = Pattern.compile(":(\\d+).*");

    Upstream {
        labels = List.copyOf(labels);
    }

    /** Empty for a text that names no host. */
    static Optional<Upstream> of(JsonNode spec) {
        return of(spec.path("service").asText());
    }

    private static Optional<Upstream> of(String service) {
        var found = SERVICE.matcher(service);
        return found.matches()
                ? Optional.of(
                        new Upstream(
                                found.group(1),
                                List.of(found.group(2).split("\\.")),
                                found.group(3)))
                : Optional.empty();
    }

    /** The name of the Service, or of whatever it is. */
    String name() {
        return labels.isEmpty() ? "" : labels.getFirst();
    }

    /** True when it is this Service, by its name alone or with its namespace. */
    boolean isService(String name, String namespace) {
        return name().equals(name) && (labels.size() == 1 || labels.get(1).equals(namespace));
    }

    /** The same of another Service beside it. */
    String at(String service) {
        return before
                + service
                + labels.stream().skip(1).map(it -> "." + it).reduce("", String::concat)
                + after;
    }

    /**
     * The port that Emissary asks.
     *
     * @param spec of the Mapping; {@code tls} there means the same as the scheme
     */
    String port(JsonNode spec) {
        var port = PORT.matcher(after);
        if (port.matches()) {
            return port.group(1);
        }
        boolean isTls = before.equalsIgnoreCase("https://") || !spec.path("tls").asText().isEmpty();
        return isTls ? "443" : "80";
    }
}
