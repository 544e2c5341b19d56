package dev.serinus.schemas.targets;

import dev.serinus.schemas.canary.ObjectRef;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.mesh.Knative;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The kinds of objects that can be released: a line for each. */
public enum TargetKind {
    DEPLOYMENT,
    DAEMON_SET,
    /** A Kubernetes Service, of which there are copies for both sides. */
    SERVICE,
    /** A Knative Service, whose revisions are the two sides. */
    KNATIVE_SERVICE;

    /** Names the Canary that releases an object, on that object, where no owner can tell. */
    public static final String RELEASED_BY = "serinus.dev/released-by";

    /** Its kind in the cluster. */
    public Kind kind() {
        return switch (this) {
            case DEPLOYMENT -> Kind.DEPLOYMENT;
            case DAEMON_SET -> Kind.DAEMON_SET;
            case SERVICE -> Kind.SERVICE;
            case KNATIVE_SERVICE -> Knative.SERVICE;
        };
    }

    /** Its group and version. */
    public String apiVersion() {
        return kind().apiVersion();
    }

    /** That an object of this kind is not there, in Flagger's words. */
    public String notFound(String namespace, String name) {
        var kind = kind();
        return "%s %s.%s get query error: %s \"%s\" not found"
                .formatted(
                        kind.name().toLowerCase(Locale.ROOT),
                        name,
                        namespace,
                        kind.group().isEmpty() ? kind.plural() : kind.plural() + "." + kind.group(),
                        name);
    }

    /** True when it runs pods of its own, which can be scaled. */
    public boolean hasPods() {
        return this == DEPLOYMENT || this == DAEMON_SET;
    }

    /** What a targetRef names; empty for what cannot be released. */
    public static Optional<TargetKind> of(ObjectRef target) {
        return of(target.apiVersion(), target.kind());
    }

    /**
     * As {@link #of(ObjectRef)}. The group counts only where two kinds have one name: manifests
     * have versions of others that no API server serves any more, and Flagger does not look.
     *
     * @param apiVersion null when none is given
     */
    public static Optional<TargetKind> of(@Nullable String apiVersion, String kind) {
        if (kind.equals(Kind.SERVICE.name())) {
            boolean knative =
                    apiVersion != null && apiVersion.startsWith(Knative.SERVICE.group() + "/");
            return Optional.of(knative ? KNATIVE_SERVICE : SERVICE);
        }
        return Arrays.stream(values()).filter(it -> it.kind().name().equals(kind)).findFirst();
    }

    /** The words for {@code targetRef.kind}, sorted. */
    public static List<String> words() {
        return Arrays.stream(values()).map(it -> it.kind().name()).distinct().sorted().toList();
    }
}
