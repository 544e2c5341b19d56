package dev.serinus.cli.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Which hub is asked and about which rollouts, the same for all commands. */
final class HubOptions {

    /** Where {@code run} serves unless told otherwise. */
    static final String DEFAULT_SERVER = "http://127.0.0.1:8080";

    /** So many are named of those that are left out. */
    private static final int NAMED = 10;

    private static final String ROLLOUTS = "/api/v1/rollouts";
    private static final String CLUSTERS = "/api/v1/clusters";

    /** So many rollouts in one answer. */
    private static final String PAGE = "500";

    @Option(
            names = "--server",
            paramLabel = "URL",
            description =
                    "The hub (default: SERINUS_SERVER, or "
                            + DEFAULT_SERVER
                            + ", where run serves).")
    private @Nullable String server;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "File with the token to log in with (default: SERINUS_TOKEN_FILE, or none).")
    private @Nullable Path tokenFile;

    @Option(
            names = "--insecure-http",
            description =
                    "Send the token to a server without https, too; anybody on the way can read"
                            + " it.")
    private boolean insecureHttp;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NS",
            description = "Only of this namespace; without it all.")
    private @Nullable String namespace;

    @Option(
            names = "--cluster",
            paramLabel = "NAME",
            description = "Only of this cluster; without it all.")
    private @Nullable String cluster;

    @Spec(Target.MIXEE)
    private @Nullable CommandSpec spec;

    /** A canary that was named. */
    record Named(String cluster, String namespace, String name) {

        static Named of(JsonNode rollout) {
            return new Named(
                    rollout.path("cluster").asText(),
                    rollout.path("namespace").asText(),
                    rollout.path("name").asText());
        }

        /** With nothing but the name, as {@link #of} reads it. */
        JsonNode json() {
            return Hub.JSON
                    .createObjectNode()
                    .put("cluster", cluster)
                    .put("namespace", namespace)
                    .put("name", name);
        }

        String path() {
            return "%s/%s/%s/%s"
                    .formatted(
                            ROLLOUTS,
                            Hub.encoded(cluster),
                            Hub.encoded(namespace),
                            Hub.encoded(name));
        }

        @Override
        public String toString() {
            return cluster + "/" + namespace + "/" + name;
        }
    }

    /** What a command does with the hub. */
    @FunctionalInterface
    interface Work {
        int with(Hub hub) throws HubTrouble, InterruptedException;
    }

    /** Does it, and tells what comes in between. */
    int work(Work work) throws InterruptedException {
        try (var hub = hub(System.getenv())) {
            return work.with(hub);
        } catch (HubTrouble trouble) {
            err().println("serinus: " + trouble.getMessage());
            return trouble.code();
        } finally {
            out().flush();
        }
    }

    private Hub hub(Map<String, String> environment) throws HubTrouble {
        String address =
                server == null
                        ? environment.getOrDefault("SERINUS_SERVER", DEFAULT_SERVER)
                        : server;
        String variable = environment.getOrDefault("SERINUS_TOKEN_FILE", "");
        Path file = tokenFile == null && !variable.isBlank() ? Path.of(variable) : tokenFile;
        if (file != null && !insecureHttp && isOpenToOthers(address)) {
            throw new HubTrouble(
                    ExitCodes.USAGE,
                    "%s has no https, and anybody on the way could read the token: say https://,"
                                    .formatted(address)
                            + " or --insecure-http if you mean it");
        }
        return new Hub(address, file == null ? null : token(file));
    }

    /** True where what is sent leaves this machine in plain text. */
    private static boolean isOpenToOthers(String address) {
        try {
            URI uri = URI.create(address);
            return "http".equalsIgnoreCase(uri.getScheme()) && !isThisMachine(uri.getHost());
        } catch (IllegalArgumentException noAddress) {
            return false; // nothing is sent there
        }
    }

    /** Names are not looked up: who answers for them may be another at the next request. */
    private static boolean isThisMachine(@Nullable String host) {
        if (host == null) {
            return false;
        }
        String name = host.toLowerCase(Locale.ROOT);
        return name.equals("localhost")
                || name.equals("[::1]")
                || name.equals("[0:0:0:0:0:0:0:1]")
                || name.matches("127(\\.\\d{1,3}){3}");
    }

    private static String token(Path file) throws HubTrouble {
        try {
            return Files.readString(file).strip();
        } catch (IOException unreadable) {
            throw new HubTrouble(
                    ExitCodes.USAGE,
                    "the token cannot be read from %s: it is not there, or not yours to read"
                            .formatted(file));
        }
    }

    /**
     * Tells of the clusters of these rollouts from which nothing comes any more. A hub of an older
     * release does not say. The rollouts are printed already: a hub that fails now fails nothing.
     */
    void tellOfSilentClusters(Hub hub, List<JsonNode> rollouts) {
        JsonNode answer;
        try {
            answer = hub.get(CLUSTERS, Map.of()).body();
        } catch (HubTrouble trouble) {
            err().println(
                            "serinus: it is not known whether clusters are silent: "
                                    + trouble.getMessage());
            return;
        }
        for (JsonNode one : answer.path("clusters")) {
            String name = one.path("cluster").asText();
            if (one.path("silent").asBoolean()
                    && rollouts.stream().anyMatch(it -> it.path("cluster").asText().equals(name))) {
                err().printf(
                                "cluster %s was last heard of at %s: what is shown of it is its"
                                        + " last word%n",
                                name, one.path("heard").asText());
            }
        }
    }

    PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }

    PrintWriter err() {
        return Objects.requireNonNull(spec).commandLine().getErr();
    }

    /** The namespace that was named; null for all. */
    @Nullable String namespace() {
        return namespace;
    }

    /** True for a rollout of the cluster that was named. */
    boolean isOfCluster(JsonNode rollout) {
        return cluster == null || cluster.equals(rollout.path("cluster").asText());
    }

    /** The cluster and namespace that were named, as a hub selects by them. */
    ObjectNode selection() {
        ObjectNode select = Hub.JSON.createObjectNode();
        if (cluster != null) {
            select.put("cluster", cluster);
        }
        if (namespace != null) {
            select.put("namespace", namespace);
        }
        return select;
    }

    /** The same as a query. */
    Map<String, String> place() {
        Map<String, String> query = new LinkedHashMap<>();
        if (cluster != null) {
            query.put("cluster", cluster);
        }
        if (namespace != null) {
            query.put("namespace", namespace);
        }
        return query;
    }

    /** All rollouts of the cluster and namespace that were named. */
    List<JsonNode> rollouts(Hub hub) throws HubTrouble {
        return rollouts(hub, null);
    }

    /**
     * Those of them that have these labels.
     *
     * @param labels a selector; null for whatever they are
     */
    List<JsonNode> rollouts(Hub hub, @Nullable String labels) throws HubTrouble {
        Map<String, String> query = place();
        if (labels != null) {
            query.put("labels", labels);
        }
        return pages(hub, query);
    }

    /** A whole fleet in one answer is more than a hub should hold for whoever reads slowly. */
    private List<JsonNode> pages(Hub hub, Map<String, String> asked) throws HubTrouble {
        Map<String, String> query = new LinkedHashMap<>(asked);
        query.put("limit", PAGE);
        List<JsonNode> found = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        JsonNode page;
        do {
            var answer = hub.get(ROLLOUTS, query);
            if (answer.status() != 200) {
                throw answer.trouble();
            }
            page = answer.body();
            if (seen.isEmpty()) {
                tellUnknown(page);
            }
            page.path("rollouts").forEach(found::add);
            query.put("continue", page.path("continue").asText());
        } while (page.hasNonNull("continue") && seen.add(page.path("continue").asText()));
        return found;
    }

    /** Says who was left out, since a selector of labels cannot be held against it. */
    void tellUnknown(JsonNode answer) {
        List<String> unknown = Texts.of(answer.path("unknownLabels"));
        if (!unknown.isEmpty()) {
            err().println(
                            "serinus: labels of %d are not known, so these are left out: %s%s"
                                    .formatted(
                                            unknown.size(),
                                            String.join(
                                                    ", ", unknown.stream().limit(NAMED).toList()),
                                            unknown.size() > NAMED ? " and more" : ""));
            err().flush();
        }
    }

    /** A selector that somebody forgot to fill in would choose all. */
    static @Nullable String selecting(@Nullable String labels) throws HubTrouble {
        if (labels != null && labels.isBlank()) {
            throw new HubTrouble(
                    ExitCodes.USAGE, "-l selects nothing: give it labels or leave it out");
        }
        return labels;
    }

    /** True where a name says all, so that the hub need not be asked whose it is. */
    static boolean isFull(String text) {
        return text.split("/", -1).length == 3;
    }

    /** The one of this name: NAME, NAMESPACE/NAME or CLUSTER/NAMESPACE/NAME. */
    Named named(Hub hub, String text) throws HubTrouble {
        String[] parts = text.split("/", -1);
        if (parts.length > 2) {
            return named(text, List.of());
        }
        // Of those alone that it may mean. Where no name can be so, no rollout has it.
        Map<String, String> query = place();
        query.put("name", parts[parts.length - 1]);
        if (parts.length == 2) {
            query.putIfAbsent("namespace", parts[0]);
        }
        return named(text, pages(hub, query));
    }

    /** The same of those that are known. */
    static Named named(String text, List<JsonNode> known) throws HubTrouble {
        String[] parts = text.split("/", -1);
        if (parts.length == 3) {
            return new Named(parts[0], parts[1], parts[2]);
        }
        if (parts.length > 3) {
            throw new HubTrouble(
                    ExitCodes.USAGE,
                    "'%s' is no rollout: name it NAME, NAMESPACE/NAME or CLUSTER/NAMESPACE/NAME"
                            .formatted(text));
        }
        List<Named> found =
                known.stream()
                        .map(Named::of)
                        .filter(each -> each.name().equals(parts[parts.length - 1]))
                        .filter(each -> parts.length == 1 || each.namespace().equals(parts[0]))
                        .toList();
        if (found.size() == 1) {
            return found.getFirst();
        }
        throw found.isEmpty()
                ? new HubTrouble(ExitCodes.NOT_FOUND, "no rollout of %s is known".formatted(text))
                : new HubTrouble(
                        ExitCodes.USAGE,
                        "%s is the name of several, say which: %s".formatted(text, found));
    }

    /** One rollout with its latest events. */
    JsonNode detail(Hub hub, Named named) throws HubTrouble {
        var answer = hub.get(named.path());
        if (answer.status() != 200) {
            throw answer.trouble();
        }
        return answer.body();
    }
}
