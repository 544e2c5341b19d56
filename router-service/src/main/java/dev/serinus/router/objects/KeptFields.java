package dev.serinus.router.objects;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.schemas.cluster.Kind;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What the cluster keeps of what is written. An API server takes away, without a word, what the
 * definition of a kind does not know: one that is older than a field. Where the field says which
 * requests go where, others would go there then. Whether a definition has such a field is asked for
 * once, before the first write with it, and seen in the answer of each.
 */
public final class KeptFields {

    private static final String SPEC = "spec";

    private final Cluster cluster;
    private final Set<Known> known = ConcurrentHashMap.newKeySet();

    /** A field that the definition of a kind has. */
    private record Known(Kind kind, String field) {}

    public KeptFields(Cluster cluster) {
        this.cluster = cluster;
    }

    /**
     * Why a change must not be written; empty where all that counts is kept, as far as anybody can
     * tell before.
     *
     * @param counting by the end of its path, each field that says which requests go where and that
     *     not every version has, with what the manifest has to say instead
     */
    public Optional<Refusal> refused(Change change, Map<String, String> counting) {
        var desired = change.desired();
        if (counting.isEmpty()
                || !change.isEffective()
                || named(desired, counting).allMatch(known::contains)) {
            return Optional.empty();
        }
        return cluster.tried(desired).flatMap(kept -> lost(desired, kept, counting));
    }

    /** The same of what was written, by the answer of the write. */
    public Optional<Refusal> lost(
            ClusterObject desired, ClusterObject written, Map<String, String> counting) {
        if (counting.isEmpty()) {
            return Optional.empty();
        }
        var kind = desired.ref().kind();
        List<String> lost = new ArrayList<>();
        for (Field missing : missing(desired, written)) {
            for (String field : counting.keySet()) {
                if (missing.withAllBelow().anyMatch(it -> it.is(field))) {
                    known.remove(new Known(kind, field));
                    lost.add("%s (%s)".formatted(missing.path(), counting.get(field)));
                }
            }
        }
        if (lost.isEmpty()) {
            named(desired, counting).forEach(known::add);
            return Optional.empty();
        }
        return Optional.of(
                Refusal.invalid(
                        "%1$s %2$s would be kept without %3$s: the definition of %1$s in this cluster is older than that, and requests would go elsewhere than asked for"
                                .formatted(
                                        kind.name(),
                                        desired.ref().dotted(),
                                        String.join(", ", lost))));
    }

    /** The fields that count, of those that an object has. */
    private static Stream<Known> named(ClusterObject desired, Map<String, String> counting) {
        return new Field(SPEC, SPEC, SPEC, desired.at("/spec"))
                .withAllBelow()
                .flatMap(it -> counting.keySet().stream().filter(it::is))
                .distinct()
                .map(field -> new Known(desired.ref().kind(), field));
    }

    /** The path of each field that was written and is not there; what is below goes with it. */
    public static List<String> missingPaths(ClusterObject desired, ClusterObject written) {
        return missing(desired, written).stream().map(Field::path).toList();
    }

    private static List<Field> missing(ClusterObject desired, ClusterObject written) {
        List<Field> missing = new ArrayList<>();
        compare(new Field(SPEC, SPEC, SPEC, desired.at("/spec")), written.at("/spec"), missing);
        return missing;
    }

    private static void compare(Field asked, JsonNode kept, List<Field> missing) {
        boolean isKept = !kept.isMissingNode() || asked.value().isNull();
        if (!isKept) {
            missing.add(asked);
        } else if (asked.value().isObject()) {
            asked.below().forEach(field -> compare(field, kept.path(field.name()), missing));
        } else if (asked.value().size() == kept.size()) {
            var entries = asked.below().toList();
            for (int i = 0; i < entries.size(); i++) {
                compare(entries.get(i), kept.path(i), missing);
            }
        }
    }

    /**
     * A field, or an entry of a list.
     *
     * @param path with the indices of lists
     * @param plain without them
     * @param name empty for an entry of a list
     */
    private record Field(String path, String plain, String name, JsonNode value) {

        boolean is(String end) {
            return !name.isEmpty() && plain.endsWith("." + end);
        }

        Stream<Field> below() {
            return value.isObject()
                    ? value.propertyStream()
                            .map(
                                    it ->
                                            new Field(
                                                    path + "." + it.getKey(),
                                                    plain + "." + it.getKey(),
                                                    it.getKey(),
                                                    it.getValue()))
                    : IntStream.range(0, value.size())
                            .mapToObj(
                                    i -> new Field(path + "[" + i + "]", plain, "", value.path(i)));
        }

        Stream<Field> withAllBelow() {
            return Stream.concat(Stream.of(this), below().flatMap(Field::withAllBelow));
        }
    }
}
