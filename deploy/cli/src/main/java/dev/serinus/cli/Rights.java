package dev.serinus.cli;

import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributes;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributesBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewStatus;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether the account may do what the services do. What they do is read from the roles that are
 * shipped for them, so that both cannot differ.
 */
final class Rights {

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    /** Those that have a role each. */
    static final List<String> SERVICES = List.of("watcher", "router", "webhook", "notifier");

    private static final List<String> ROLES =
            Stream.concat(SERVICES.stream(), Stream.of("all-in-one")).toList();

    /** Groups of every cluster; others are asked about only where somebody installed them. */
    private static final Set<String> BUILT_IN =
            Set.of("", "apps", "autoscaling", "events.k8s.io", "apiextensions.k8s.io");

    private static final Set<String> OF_THE_CLUSTER =
            Set.of("namespaces", "customresourcedefinitions");

    /** One thing that may be allowed. */
    record Right(String group, String resource, String verb, @Nullable String name)
            implements Comparable<Right> {

        private static final Comparator<Right> ORDER =
                Comparator.comparing(Right::group)
                        .thenComparing(Right::resource)
                        .thenComparing(Right::verb)
                        .thenComparing(right -> right.name() == null ? "" : right.name());

        @Override
        public int compareTo(Right other) {
            return ORDER.compare(this, other);
        }

        String object() {
            return group.isEmpty() ? resource : resource + "." + group;
        }
    }

    private Rights() {}

    /** Says whether somebody may do something. */
    private interface Reviewer {
        boolean isAllowed(ResourceAttributes attributes);
    }

    /**
     * One sentence for each kind of object of which something is not allowed to the client's own
     * account; none when all is.
     *
     * @param namespace the only one in which it has to be allowed; null for all
     */
    static List<String> missing(KubernetesClient client, @Nullable String namespace)
            throws InterruptedException {
        return missing(client, namespace, new Unanswered());
    }

    /** The same, with why something is not known put into {@code unanswered}. */
    static List<String> missing(
            KubernetesClient client, @Nullable String namespace, Unanswered unanswered)
            throws InterruptedException {
        Reviewer reviewer = attributes -> isAllowed(client, attributes, unanswered);
        try {
            if (reviewer.isAllowed(attributes(namespace, new Right("*", "*", "*", null)))) {
                return List.of();
            }
        } catch (KubernetesClientException refused) {
            return List.of(
                    "the account may not even ask what it may do, as all that are logged in may; are the credentials used at all? (%s)"
                            .formatted(Clusters.said(refused)));
        }
        return sentences(
                "the account", namespace, denied(needed(client, ROLES), namespace, reviewer));
    }

    /** The same of a service account, for the role of one service. */
    static List<String> missing(
            KubernetesClient client,
            @Nullable String namespace,
            String role,
            String accountNamespace,
            String account,
            Unanswered unanswered)
            throws InterruptedException {
        String name = accountNamespace + "/" + account;
        Reviewer reviewer =
                attributes -> isAllowed(client, attributes, accountNamespace, account, unanswered);
        try {
            return sentences(
                    "the account " + name,
                    namespace,
                    denied(needed(client, List.of(role)), namespace, reviewer));
        } catch (KubernetesClientException refused) {
            return List.of(
                    "what the account %s may do cannot be asked: %s"
                            .formatted(name, Clusters.said(refused)));
        }
    }

    private static List<String> sentences(
            String who, @Nullable String namespace, List<Right> denied) {
        Map<String, Set<String>> verbs = new TreeMap<>();
        for (Right right : denied) {
            verbs.computeIfAbsent(right.object(), _ -> new TreeSet<>()).add(right.verb());
        }
        return verbs.entrySet().stream()
                .map(
                        each ->
                                "%s may not %s %s%s"
                                        .formatted(
                                                who,
                                                String.join(", ", each.getValue()),
                                                each.getKey(),
                                                namespace == null ? "" : " in " + namespace))
                .toList();
    }

    private static List<Right> denied(
            List<Right> needed, @Nullable String namespace, Reviewer reviewer)
            throws InterruptedException {
        List<Callable<Boolean>> questions =
                needed.stream()
                        .map(
                                right ->
                                        (Callable<Boolean>)
                                                () ->
                                                        reviewer.isAllowed(
                                                                attributes(namespace, right)))
                        .toList();
        List<Right> denied = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = threads.invokeAll(questions);
            for (int i = 0; i < answers.size(); i++) {
                if (!answers.get(i).get()) {
                    denied.add(needed.get(i));
                }
            }
        } catch (ExecutionException broken) {
            if (broken.getCause() instanceof KubernetesClientException refused) {
                throw refused;
            }
            throw new IllegalStateException("a question about a right failed", broken);
        }
        return denied;
    }

    private static List<Right> needed(KubernetesClient client, List<String> roles) {
        Map<String, Boolean> known = new TreeMap<>();
        return roles.stream()
                .flatMap(Rights::of)
                .distinct()
                .sorted()
                .filter(
                        right ->
                                BUILT_IN.contains(right.group())
                                        || right.group().equals("flagger.app")
                                        || known.computeIfAbsent(
                                                right.group(),
                                                group -> client.hasApiGroup(group, true)))
                .toList();
    }

    static Stream<Right> of(String role) {
        String file = "/dev/serinus/cli/rbac/" + role + ".yaml";
        try (var in = Rights.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("the build puts " + file + " into the jar");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Stream.of(text.split("(?m)^---$"))
                    .filter(document -> document.contains("kind: ClusterRole\n"))
                    .map(
                            document ->
                                    new KubernetesSerialization()
                                            .unmarshal(document, ClusterRole.class))
                    .flatMap(found -> found.getRules().stream())
                    .flatMap(Rights::of)
                    .collect(Collectors.toList())
                    .stream();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Stream<Right> of(PolicyRule rule) {
        List<Right> all = new ArrayList<>();
        for (String group : rule.getApiGroups()) {
            for (String resource : rule.getResources()) {
                for (String verb : rule.getVerbs()) {
                    if (rule.getResourceNames().isEmpty()) {
                        all.add(new Right(group, resource, verb, null));
                    }
                    rule.getResourceNames()
                            .forEach(name -> all.add(new Right(group, resource, verb, name)));
                }
            }
        }
        return all.stream();
    }

    private static ResourceAttributes attributes(@Nullable String namespace, Right right) {
        String[] parts = right.resource().split("/", 2);
        return new ResourceAttributesBuilder()
                .withGroup(right.group())
                .withResource(parts[0])
                .withSubresource(parts.length > 1 ? parts[1] : null)
                .withVerb(right.verb())
                .withName(right.name())
                .withNamespace(OF_THE_CLUSTER.contains(parts[0]) ? null : namespace)
                .build();
    }

    /**
     * Where nobody says no, work begins: the API server refuses what is not allowed anyway. Throws
     * a KubernetesClientException where the question itself is refused, as to one whom the cluster
     * does not know.
     */
    private static boolean isAllowed(
            KubernetesClient client, ResourceAttributes attributes, Unanswered unanswered) {
        var review =
                new SelfSubjectAccessReviewBuilder()
                        .withNewSpec()
                        .withResourceAttributes(attributes)
                        .endSpec()
                        .build();
        return answered(
                () ->
                        client.authorization()
                                .v1()
                                .selfSubjectAccessReview()
                                .create(review)
                                .getStatus(),
                unanswered);
    }

    private static boolean isAllowed(
            KubernetesClient client,
            ResourceAttributes attributes,
            String namespace,
            String account,
            Unanswered unanswered) {
        var review =
                new SubjectAccessReviewBuilder()
                        .withNewSpec()
                        .withResourceAttributes(attributes)
                        .withUser("system:serviceaccount:%s:%s".formatted(namespace, account))
                        .withGroups(
                                "system:serviceaccounts",
                                "system:serviceaccounts:" + namespace,
                                "system:authenticated")
                        .endSpec()
                        .build();
        return answered(
                () -> client.authorization().v1().subjectAccessReview().create(review).getStatus(),
                unanswered);
    }

    private static boolean answered(
            Supplier<@Nullable SubjectAccessReviewStatus> question, Unanswered unanswered) {
        try {
            var status = question.get();
            return status == null || Boolean.TRUE.equals(status.getAllowed());
        } catch (KubernetesClientException trouble) {
            if (trouble.getCode() == FORBIDDEN || trouble.getCode() == UNAUTHORIZED) {
                throw trouble;
            }
            unanswered.because(trouble);
            return true;
        }
    }
}
