package dev.serinus.cli;

import dev.serinus.schemas.shell.ErrorCauses;

import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.Cluster;
import io.fabric8.kubernetes.api.model.NamedAuthInfo;
import io.fabric8.kubernetes.api.model.NamedCluster;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which cluster is meant, and where that is written.
 *
 * @param source what a message calls it, such as {@code the kubeconfig /home/ada/.kube/config}
 */
record ClusterConfig(Config config, String source) {

    private static final String NOT_ONE = "it is not YAML with clusters, users and contexts";
    private static final int MOST_NAMED = 20;
    private static final Pattern HTTP = Pattern.compile("https?://");
    private static final Path POD = Path.of("/var/run/secrets/kubernetes.io/serviceaccount/token");

    /**
     * Looks where kubectl does: at the flag, KUBECONFIG, the home directory, and then at the pod's
     * own account. The client would log a stack trace over a file it cannot read, and go on with a
     * cluster that nobody named.
     *
     * @param master address of the API server instead of the one that is written; null for that
     */
    static ClusterConfig find(
            @Nullable Path flag, @Nullable String master, Map<String, String> environment) {
        return find(flag, null, master, environment);
    }

    /**
     * The same, by another context than the current one.
     *
     * @param context null for the current one
     */
    static ClusterConfig find(
            @Nullable Path flag,
            @Nullable String context,
            @Nullable String master,
            Map<String, String> environment) {
        Path file = flag == null ? named(environment) : flag;
        if (file != null) {
            return of(file, context, master);
        }
        if (several(environment)) {
            return new ClusterConfig(
                    with(amongSeveral(context, Config.autoConfigure(context)), master),
                    "KUBECONFIG");
        }
        if (context != null) {
            throw new Refused(
                    List.of(
                            "there is no kubeconfig in which context '%s' could be: name one with --kubeconfig"
                                    .formatted(context)));
        }
        if (Files.isReadable(POD)) {
            return new ClusterConfig(
                    with(Config.autoConfigure(null), master), "the pod's own account");
        }
        if (master != null) {
            return new ClusterConfig(with(Config.empty(), master), "--master");
        }
        throw new Refused(
                List.of(
                        "no cluster is named: there is no --kubeconfig, no KUBECONFIG, no"
                                + " ~/.kube/config, and this is no pod"));
    }

    /** The client would go on with the current one. */
    private static Config amongSeveral(@Nullable String context, Config found) {
        var current = found.getCurrentContext();
        if (context != null && (current == null || !context.equals(current.getName()))) {
            throw new Refused(
                    List.of("no file of KUBECONFIG has a context '%s'".formatted(context)));
        }
        return found;
    }

    private static boolean several(Map<String, String> environment) {
        return environment.getOrDefault("KUBECONFIG", "").contains(File.pathSeparator);
    }

    private static @Nullable Path named(Map<String, String> environment) {
        String variable = environment.getOrDefault("KUBECONFIG", "");
        if (!variable.isBlank()) {
            return several(environment) ? null : Path.of(variable);
        }
        Path home = Path.of(System.getProperty("user.home"), ".kube", "config");
        return Files.exists(home) ? home : null;
    }

    private static ClusterConfig of(Path file, @Nullable String context, @Nullable String master) {
        String source = "the kubeconfig " + file;
        if (!Files.isReadable(file)) {
            throw new Refused(
                    List.of(
                            source
                                    + (Files.exists(file)
                                            ? " cannot be read: permission denied"
                                            : " does not exist")));
        }
        check(file, context, source);
        try {
            return new ClusterConfig(
                    with(Config.fromKubeconfig(context, file.toFile()), master), source);
        } catch (RuntimeException unusable) {
            throw new Refused(
                    List.of("%s cannot be used: %s".formatted(source, firstLine(unusable))));
        }
    }

    private static void check(Path file, @Nullable String asked, String source) {
        io.fabric8.kubernetes.api.model.Config written;
        try {
            written =
                    new KubernetesSerialization()
                            .unmarshal(
                                    Files.readString(file),
                                    io.fabric8.kubernetes.api.model.Config.class);
        } catch (CharacterCodingException binary) {
            throw new Refused(List.of(source + " is no kubeconfig: it is not text"));
        } catch (IOException | RuntimeException garbage) {
            throw new Refused(
                    List.of(source + " is no kubeconfig: " + NOT_ONE)); // it may be a secret
        }
        if (written == null || written.getClusters().isEmpty()) {
            throw new Refused(List.of(source + " names no cluster"));
        }
        String wanted = asked == null ? written.getCurrentContext() : asked;
        if (wanted == null || wanted.isBlank()) {
            throw new Refused(
                    List.of(
                            source
                                    + " has no current-context: choose one with --context, or"
                                    + " kubectl config use-context"));
        }
        var context =
                written.getContexts().stream()
                        .filter(each -> wanted.equals(each.getName()))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new Refused(
                                                List.of(
                                                        "%s has no context '%s'%s"
                                                                .formatted(
                                                                        source,
                                                                        wanted,
                                                                        asked == null
                                                                                ? ", which is its"
                                                                                      + " current-context"
                                                                                : "; it has "
                                                                                        + names(
                                                                                                written
                                                                                                        .getContexts())))));
        List<String> wrong = new ArrayList<>();
        String cluster = context.getContext().getCluster();
        written.getClusters().stream()
                .filter(each -> each.getName().equals(cluster))
                .findFirst()
                .map(NamedCluster::getCluster)
                .ifPresentOrElse(
                        found -> check(found, file, wrong),
                        () ->
                                wrong.add(
                                        "no cluster '%s', which its context '%s' names"
                                                .formatted(cluster, wanted)));
        String user = context.getContext().getUser();
        if (user != null && !user.isEmpty()) {
            written.getUsers().stream()
                    .filter(each -> each.getName().equals(user))
                    .findFirst()
                    .map(NamedAuthInfo::getUser)
                    .ifPresentOrElse(
                            found -> check(found, file, wrong),
                            () ->
                                    wrong.add(
                                            "no user '%s', whom its context '%s' names"
                                                    .formatted(user, wanted)));
        }
        if (!wrong.isEmpty()) {
            throw new Refused(wrong.stream().map(each -> source + " has " + each).toList());
        }
    }

    private static String names(List<NamedContext> contexts) {
        return contexts.stream()
                .map(NamedContext::getName)
                .limit(MOST_NAMED)
                .collect(Collectors.joining(", "));
    }

    private static void check(Cluster cluster, Path file, List<String> wrong) {
        String server = cluster.getServer();
        if (server != null && server.contains("://") && !HTTP.matcher(server).lookingAt()) {
            wrong.add(
                    "a server that is no http address: "
                            + server.substring(0, server.indexOf("://")));
        }
        checkFile("certificate-authority", cluster.getCertificateAuthority(), file, wrong);
    }

    /** The client would go on without what it cannot read, and be nobody at the API server. */
    private static void check(AuthInfo user, Path file, List<String> wrong) {
        checkFile("client-certificate", user.getClientCertificate(), file, wrong);
        checkFile("client-key", user.getClientKey(), file, wrong);
        checkFile("tokenFile", user.getTokenFile(), file, wrong);
        if (user.getExec() != null && !isFound(user.getExec().getCommand(), file)) {
            wrong.add(
                    "credentials from a command that is not there: '%s' (users[].user.exec.command)"
                            .formatted(user.getExec().getCommand()));
        }
    }

    private static void checkFile(
            String field, @Nullable String name, Path file, List<String> wrong) {
        if (name == null || name.isEmpty()) {
            return;
        }
        Path found = file.toAbsolutePath().resolveSibling(name);
        if (!Files.isReadable(found)) {
            wrong.add(
                    "a %s that %s: %s"
                            .formatted(
                                    field,
                                    Files.exists(found) ? "cannot be read" : "does not exist",
                                    found));
        }
    }

    /** One with a slash is beside the kubeconfig, as kubectl takes it; another on the PATH. */
    private static boolean isFound(@Nullable String command, Path file) {
        if (command == null || command.isEmpty()) {
            return false;
        }
        if (command.contains("/")) {
            return Files.isExecutable(file.toAbsolutePath().resolveSibling(command));
        }
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
    }

    private static Config with(Config config, @Nullable String master) {
        return master == null ? config : new ConfigBuilder(config).withMasterUrl(master).build();
    }

    private static String firstLine(Throwable trouble) {
        return ErrorCauses.shortest(trouble).lines().findFirst().orElse("");
    }
}
