package dev.serinus.schemas.cluster;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * Which Canaries are this installation's. The annotation {@value #ANNOTATION} names the
 * installation that works on a Canary; it is written before anything else is. Two installations on
 * one Canary would undo each other, so one that another claims is left alone as if it were not
 * there, which is said once. Without a claim a Canary is whoever's comes first.
 *
 * <p>An installation is a cluster's name and the Kafka that holds its record: two that share both
 * are parts of the same one.
 */
public final class Claims implements Predicate<GenericKubernetesResource> {

    /** On a Canary: the installation that works on it. */
    public static final String ANNOTATION = "serinus.dev/claim";

    /** On a Canary that an installation works on: it stays until what was promoted serves again. */
    public static final String FINALIZER = "finalizer.flagger.app";

    private static final Logger LOG = LoggerFactory.getLogger(Claims.class);

    private final BiConsumer<HasMetadata, String> tell;
    private final Map<String, Left> left = new ConcurrentHashMap<>();
    private volatile String own = "";

    /**
     * A Canary that is there and not ours.
     *
     * @param claim the installation that works on it
     */
    public record Left(String namespace, String name, String uid, String claim) {}

    /**
     * Nobody's yet: {@link #settle} before anything is asked.
     *
     * @param tell is told once of each Canary that is left alone, in a sentence for its users
     */
    public Claims(BiConsumer<HasMetadata, String> tell) {
        this.tell = tell;
    }

    /** As above, and tells nobody but the log. */
    public Claims() {
        this((_, _) -> {});
    }

    /**
     * Says whose these are.
     *
     * @param cluster its name
     * @param kafka the id of the Kafka that holds the record
     */
    public Claims settle(String cluster, String kafka) {
        own = cluster + "@" + kafka;
        return this;
    }

    /** The value of the annotation on what is this installation's. */
    public String own() {
        if (own.isEmpty()) {
            throw new IllegalStateException("asked for a claim before its Kafka was known");
        }
        return own;
    }

    /** The other installation that this value of the annotation names; empty when there is none. */
    public Optional<String> other(@Nullable String claim) {
        return Optional.ofNullable(claim).filter(it -> !it.isEmpty() && !it.equals(own()));
    }

    /**
     * True once a Canary carries this installation's claim and the finalizer: then it is ours to
     * steer, and it does not go before we let it.
     */
    public boolean holds(HasMetadata canary) {
        var metadata = canary.getMetadata();
        var annotations = metadata.getAnnotations();
        var finalizers = metadata.getFinalizers();
        return annotations != null
                && own().equals(annotations.get(ANNOTATION))
                && finalizers != null
                && finalizers.contains(FINALIZER);
    }

    /** What is to be known about a Canary that another installation claims. */
    public String sentence(String other) {
        return ("claimed by installation %s, so %s leaves it alone; to hand it over, stop the other"
                        + " and remove the annotation %s")
                .formatted(other, own(), ANNOTATION);
    }

    /** Those that another installation claimed when they were last looked at; some may be gone. */
    public List<Left> left() {
        return List.copyOf(left.values());
    }

    /** True for one of these. */
    public boolean isLeft(String namespace, String name, String uid) {
        Left known = left.get(namespace + "/" + name);
        return known != null && known.uid().equals(uid);
    }

    /** False for a Canary that another installation claims. */
    @Override
    public boolean test(GenericKubernetesResource canary) {
        var metadata = canary.getMetadata();
        String key = metadata.getNamespace() + "/" + metadata.getName();
        var annotations = metadata.getAnnotations();
        var other = other(annotations == null ? null : annotations.get(ANNOTATION));
        if (other.isEmpty()) {
            left.remove(key);
            return true;
        }
        var now =
                new Left(
                        metadata.getNamespace(),
                        metadata.getName(),
                        Objects.requireNonNullElse(metadata.getUid(), ""),
                        other.get());
        Left before = left.put(key, now);
        if (before == null || !before.claim().equals(now.claim())) {
            LOG.atWarn()
                    .addKeyValue("canary", key)
                    .addKeyValue("claim", other.get())
                    .addKeyValue("own", own())
                    .log("left to the installation that claims it");
            tell.accept(canary, sentence(other.get()));
        }
        return false;
    }
}
