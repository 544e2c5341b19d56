package dev.serinus.router.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.Cluster;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.objects.ManagedBy;
import dev.serinus.router.objects.Mark;
import dev.serinus.router.objects.Refusal;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.ObjectNames;
import dev.serinus.schemas.canary.Revision;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.config.ConfigRef;
import dev.serinus.schemas.config.ConfigTracking;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The configs of the target that the primary gets copies of, so that an edit reaches the primary
 * only with a promotion.
 */
public final class Configs {

    /** The kinds of configs. */
    public static final Set<Kind> KINDS = Set.of(Kind.CONFIG_MAP, Kind.SECRET);

    static final String SUFFIX = "-primary";
    private static final String OPAQUE = "Opaque";

    /** On a copy whose name does not tell: the name of the config that it is of. */
    private static final String COPY_OF = ClusterObject.OURS + "copy-of";

    /**
     * On a copy: a digest of what was copied, by which an edit is told from it, and the step that
     * copied it. A router that keeps no such note leaves it as it is, but for the step on the copy.
     */
    private static final String CONTENT = ClusterObject.OURS + "content";

    private static final String OWNERS = "ownerReferences";

    private final Cluster cluster;
    private final Installation installation;

    public Configs(Cluster cluster, Installation installation) {
        this.cluster = cluster;
        this.installation = installation;
    }

    /** The configs of a pod template that are there and tracked. */
    Set<ConfigRef> present(String namespace, JsonNode template) {
        Set<ConfigRef> present = new LinkedHashSet<>();
        tracked(namespace, template, Refusal::missing)
                .forEach((config, found) -> found.ifPresent(_ -> present.add(config)));
        return present;
    }

    /**
     * The configs of a pod template that are tracked, as they are now; empty for one that pods can
     * do without and that is not there.
     *
     * @param missing what is said about one that they cannot do without
     */
    private Map<ConfigRef, Optional<ClusterObject>> tracked(
            String namespace, JsonNode template, Function<Ref, Refusal> missing) {
        Map<ConfigRef, Optional<ClusterObject>> tracked = new LinkedHashMap<>();
        if (!installation.configTracking()) {
            return tracked;
        }
        ConfigRef.mandatory(template.path("spec"))
                .forEach(
                        (config, mandatory) -> {
                            var ref = config.kind().named(namespace, config.name());
                            // What cannot be the name of an object is not asked for: it is a path
                            // of its own.
                            var found =
                                    ObjectNames.isName(config.name()) ? cluster.find(ref) : null;
                            if (found == null && mandatory) {
                                throw missing.apply(ref);
                            }
                            if (found == null || isTracked(found)) {
                                tracked.put(config, Optional.ofNullable(found));
                            }
                        });
        return tracked;
    }

    private static boolean isTracked(ClusterObject config) {
        return ConfigTracking.isTracked(
                config.ref().kind(), config.at("/type").asText(OPAQUE), config.annotations());
    }

    /**
     * The copies for a primary.
     *
     * @param names of the copies, by what they are of
     * @param changes what is to change so that they are as their sources are now
     */
    record Copies(Map<ConfigRef, ConfigRef> names, List<Change> changes) {
        ConfigRef name(ConfigRef config) {
            return names.getOrDefault(config, config);
        }
    }

    /**
     * The copies for the target's primary. A config that is not there, and that pods can do
     * without, has an empty copy: the primary must not read what somebody may put there tomorrow.
     *
     * @param analysed the contents that may be copied
     * @param mark the step that copies them
     * @param missing what is said about one that pods cannot do without
     */
    Copies copies(
            Canary canary,
            Target target,
            AnalysedConfigs analysed,
            Mark mark,
            Function<Ref, Refusal> missing) {
        Map<ConfigRef, ConfigRef> names = new LinkedHashMap<>();
        List<Change> changes = new ArrayList<>();
        tracked(canary.getMetadata().getNamespace(), target.template(), missing)
                .forEach(
                        (config, source) -> {
                            source.ifPresent(found -> analysed.refuseOther(config, found));
                            var change = copy(canary, target, config, source.orElse(null), mark);
                            names.put(config, new ConfigRef(config.kind(), change.ref().name()));
                            changes.add(change);
                        });
        return new Copies(names, changes);
    }

    /**
     * Flagger's name if nobody else has a claim to it, else one for this target alone: a copy that
     * several primaries read would be changed for all of them by the promotion of one. The type of
     * a Secret cannot be changed: one that was made again with another has a copy of another name.
     */
    private Change copy(
            Canary canary,
            Target target,
            ConfigRef config,
            @Nullable ClusterObject source,
            Mark mark) {
        String namespace = canary.getMetadata().getNamespace();
        for (String name : names(target, config)) {
            var ref = config.kind().named(namespace, name);
            var live = cluster.find(ref);
            if (live == null || (isFor(live, canary, config) && isOfType(live, source))) {
                var before = live == null ? ClusterObject.blank(ref) : live;
                return ManagedBy.relabelled(
                        noted(
                                new Change(
                                        live,
                                        before.edited(edit -> copy(canary, config, source, edit))),
                                mark));
            }
        }
        throw Refusal.invalid(
                "%s %s%s.%s is another's, so that it cannot be the primary's copy of %s; rename one of both"
                        .formatted(
                                config.kind().name().toLowerCase(Locale.ROOT),
                                config.name(),
                                SUFFIX,
                                namespace,
                                config.name()));
    }

    /** What the primary's copy of a config may be called, in the order of preference. */
    static List<String> names(Target target, ConfigRef config) {
        return names(Primaries.ref(target), config);
    }

    private static List<String> names(Ref primary, ConfigRef config) {
        String kind = primary.kind().name().toLowerCase(Locale.ROOT);
        return List.of(
                config.name() + SUFFIX,
                config.name() + "-" + primary.name(),
                config.name() + "-" + kind + "-" + primary.name());
    }

    /** True for a copy of this config that this Canary alone uses. */
    private static boolean isFor(ClusterObject copy, Canary canary, ConfigRef config) {
        return copy.isOwnedBy(canary)
                && !copy.isSharedWithOtherThan(canary)
                && original(new ConfigRef(copy.ref().kind(), copy.ref().name()), copy)
                        .equals(config);
    }

    /** True for a copy that its source can be written into; one of nothing is of any type. */
    private static boolean isOfType(ClusterObject copy, @Nullable ClusterObject source) {
        return source == null || type(copy).equals(type(source));
    }

    /** Empty for a ConfigMap. */
    private static String type(ClusterObject config) {
        return config.ref().kind().equals(Kind.SECRET) ? config.at("/type").asText(OPAQUE) : "";
    }

    private void copy(Canary canary, ConfigRef config, @Nullable ClusterObject source, Edit edit) {
        edit.put("data", source == null ? null : source.at("/data"));
        // Flagger leaves binaryData out, so that the primary's pods miss their files.
        edit.put("binaryData", source == null ? null : source.at("/binaryData"));
        if (source != null) {
            if (config.kind().equals(Kind.SECRET)) {
                edit.put("type", source.at("/type"));
            }
            edit.label(Labels.included(source.labels(), installation.includeLabelPrefixes()));
        }
        if (!edit.isNamed(config.name() + SUFFIX)) {
            edit.annotate(COPY_OF, config.name());
        }
        edit.ownedBy(canary);
    }

    /** With a digest of its content, where it is written anyway. */
    private static Change noted(Change change, Mark mark) {
        String content = content(change.desired()) + " " + mark.number();
        return isAsItIs(change)
                ? change
                : new Change(
                        change.live(),
                        change.desired().edited(edit -> edit.annotate(CONTENT, content)));
    }

    /** Who keeps a copy beside the Canary is added where objects are written. */
    private static boolean isAsItIs(Change change) {
        var live = change.live();
        return live != null
                && change.desired()
                        .edited(edit -> edit.metadata().set(OWNERS, live.at("/metadata/" + OWNERS)))
                        .equals(live);
    }

    /** The same for the same content, whoever wrote it. */
    private static String content(ClusterObject config) {
        var fields = new StringBuilder(type(config));
        for (String field : List.of("/data", "/binaryData")) {
            var sorted = new TreeMap<String, String>();
            config.at(field)
                    .properties()
                    .forEach(it -> sorted.put(it.getKey(), it.getValue().asText()));
            var json = JsonNodeFactory.instance.objectNode();
            sorted.forEach(json::put);
            fields.append(json);
        }
        return Revision.digest(fields.toString());
    }

    /** What a copy says of itself, by its metadata. */
    static CopyNote note(String canary, String name, Map<String, String> annotations) {
        String noted = annotations.get(COPY_OF);
        String content = annotations.getOrDefault(CONTENT, "");
        var mark =
                Mark.parse(annotations.get(Mark.ANNOTATION))
                        .filter(it -> content.endsWith(" " + it.number()))
                        .orElse(null);
        return new CopyNote(
                canary,
                noted != null
                        ? noted
                        : name.endsWith(SUFFIX)
                                ? name.substring(0, name.length() - SUFFIX.length())
                                : name,
                mark == null ? "" : content.substring(0, content.indexOf(' ')),
                mark);
    }

    /**
     * What is to change so that a copy has again what was promoted; empty where it has it, or where
     * the primary does not read it. Refuses where nobody knows that any more, since what was copied
     * was changed as well.
     *
     * @param seen what the copy said of itself before it was changed or deleted; what it says now
     *     counts in its place where a later step wrote it, whichever router that was
     */
    Optional<Change> putBack(Canary canary, ClusterObject primary, Ref copy, CopyNote seen) {
        boolean isRead =
                ConfigRef.places(primary.at("/spec/template/spec")).stream()
                        .map(ConfigRef.Place::config)
                        .anyMatch(new ConfigRef(copy.kind(), copy.name())::equals);
        if (!isRead) {
            return Optional.empty();
        }
        cluster.refresh(copy, Duration.ZERO);
        var live = cluster.find(copy);
        var before = live == null ? seen : inForce(canary, seen, live);
        var mark = before.mark();
        if (live != null && (mark == null || isAsNoted(live, before.content(), mark))) {
            return Optional.empty();
        }
        var config = new ConfigRef(copy.kind(), before.of());
        var ref = copy.kind().named(copy.namespace(), before.of());
        var source = cluster.find(ref);
        // One that is not there was copied as an empty one.
        var copied = source == null ? ClusterObject.blank(ref) : source;
        if (mark == null
                || !content(copied).equals(before.content())
                || (live != null && !isFor(live, canary, config))) {
            throw Refusal.invalid(
                    "%1$s %2$s, which the pods of %3$s read, was %4$s by somebody else, and what was promoted with it %5$s %1$s %6$s: put it back by hand, or release what %6$s says now"
                            .formatted(
                                    copy.kind().name().toLowerCase(Locale.ROOT),
                                    copy.dotted(),
                                    primary.ref().dotted(),
                                    live == null ? "deleted" : "changed",
                                    mark == null ? "may be no more in" : "is no more in",
                                    before.of()));
        }
        var now = live == null ? ClusterObject.blank(copy) : live;
        return Optional.of(
                noted(
                        new Change(
                                live,
                                now.edited(
                                        edit -> {
                                            copy(canary, config, source, edit);
                                            // It belongs to the step that copied this.
                                            edit.annotate(Mark.ANNOTATION, mark.toString());
                                        })),
                        mark));
    }

    private static CopyNote inForce(Canary canary, CopyNote seen, ClusterObject live) {
        var now = note(seen.canary(), live.ref().name(), live.annotations());
        var mark = now.mark();
        return mark != null && mark.isOf(canary.getMetadata().getUid()) ? seen.orLater(now) : seen;
    }

    /** Of what a later step wrote without a note nobody knows what it has to be. */
    private static boolean isAsNoted(ClusterObject live, String noted, Mark mark) {
        return content(live).equals(noted)
                || live.mark().filter(now -> now.isAfter(mark)).isPresent();
    }

    /** The copies of this Canary's making that a primary's template names, and what they are of. */
    Map<ConfigRef, ConfigRef> copiesIn(Canary canary, JsonNode primaryTemplate) {
        Map<ConfigRef, ConfigRef> copies = new LinkedHashMap<>();
        ConfigRef.places(primaryTemplate.path("spec")).stream()
                .map(ConfigRef.Place::config)
                .distinct()
                .filter(config -> config.name().endsWith(SUFFIX))
                .filter(config -> ObjectNames.isName(config.name()))
                .forEach(
                        config -> {
                            var found =
                                    cluster.find(
                                            config.kind()
                                                    .named(
                                                            canary.getMetadata().getNamespace(),
                                                            config.name()));
                            if (found != null && isCopy(found, canary)) {
                                copies.put(config, original(config, found));
                            }
                        });
        return copies;
    }

    /**
     * The copies that a primary reads, and those of another type that it read before: what they are
     * called, whether they are there or not.
     */
    Set<ConfigRef> copiesOf(Canary canary, ClusterObject primary) {
        Set<ConfigRef> all = new LinkedHashSet<>();
        copiesIn(canary, primary.at("/spec/template"))
                .forEach(
                        (copy, original) -> {
                            all.add(copy);
                            if (copy.kind().equals(Kind.SECRET)) {
                                names(primary.ref(), original)
                                        .forEach(it -> all.add(new ConfigRef(copy.kind(), it)));
                            }
                        });
        return all;
    }

    private static ConfigRef original(ConfigRef copy, ClusterObject found) {
        String noted = found.annotation(COPY_OF);
        return new ConfigRef(
                copy.kind(),
                noted != null
                        ? noted
                        : copy.name().substring(0, copy.name().length() - SUFFIX.length()));
    }

    private static boolean isCopy(ClusterObject config, Canary canary) {
        return config.isOwnedByUid(canary.getMetadata().getUid()) || config.isOwnedBy(canary);
    }

    /** Gives the references of a template new names where they have one. */
    static ObjectNode renamed(JsonNode template, UnaryOperator<ConfigRef> names) {
        ObjectNode copy =
                template instanceof ObjectNode node
                        ? node.deepCopy()
                        : JsonNodeFactory.instance.objectNode();
        for (var place : ConfigRef.places(copy.path("spec"))) {
            place.rename(names.apply(place.config()).name());
        }
        return copy;
    }
}
