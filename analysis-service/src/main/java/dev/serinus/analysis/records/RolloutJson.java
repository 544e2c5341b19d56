package dev.serinus.analysis.records;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

import dev.serinus.analysis.rollout.Awaited;
import dev.serinus.analysis.rollout.Effect;
import dev.serinus.analysis.rollout.KnownRevisions;
import dev.serinus.analysis.rollout.Manifest;
import dev.serinus.analysis.rollout.Next;
import dev.serinus.analysis.rollout.Question;
import dev.serinus.analysis.rollout.Rollout;
import dev.serinus.analysis.rollout.Run;
import dev.serinus.analysis.rollout.Stage;
import dev.serinus.analysis.rollout.Workload;
import dev.serinus.analysis.rollout.gate.FleetRules;
import dev.serinus.analysis.rollout.gate.Freeze;
import dev.serinus.analysis.rollout.plan.Stop;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/**
 * The machine's records as JSON: the form in which they are kept and fingerprinted. One value has
 * one text (sorted, nothing absent written), so that equal decisions have equal fingerprints. Read
 * generously, since the state of a running hub outlives a release: an unknown field is skipped, an
 * absent list is empty.
 */
public final class RolloutJson {

    /** The choices that a state can hold; which one it is, is written as {@code is}. */
    private static final List<Class<?>> CHOICES =
            List.of(Stage.class, Question.class, Awaited.class, Awaited.Reason.class, Next.class);

    private static final ObjectMapper MAPPER =
            choices(JsonMapper.builder())
                    .addModule(new JavaTimeModule())
                    .addMixIn(Rollout.class, Kept.class)
                    .addMixIn(Manifest.class, Hinted.class)
                    .addMixIn(Run.class, Planned.class)
                    .addMixIn(FleetRules.class, Asked.class)
                    .addMixIn(Freeze.class, Passable.class)
                    .addMixIn(Effect.CallHook.class, Decided.class)
                    .addMixIn(Effect.Route.class, Decided.class)
                    .addMixIn(Effect.Notice.class, Told.class)
                    .addMixIn(Effect.Status.class, Shown.class)
                    .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                    .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                    .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                    .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                    .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .defaultPropertyInclusion(
                            JsonInclude.Value.construct(
                                    JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
                    .withConfigOverride(
                            List.class,
                            lists ->
                                    lists.setSetterInfo(
                                            JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY)))
                    .build();

    private RolloutJson() {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
    private interface Named {}

    /** Under the name by which they were kept first, which another thing has by now. */
    private interface Kept {
        @JsonProperty("baseline")
        KnownRevisions revisions();

        @JsonProperty("baselineWorkload")
        @Nullable Workload baseline();

        @JsonProperty("answered")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<String> answered();
    }

    /** As before there were any, where there are none. */
    private interface Hinted {
        @JsonProperty("hints")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<String> hints();
    }

    /** A plan of many checks is short all the same; and as before, where nobody was told. */
    private interface Planned {
        @JsonProperty("stops")
        @JsonSerialize(using = StopsJson.Writer.class)
        @JsonDeserialize(using = StopsJson.Reader.class)
        List<Stop> stops();

        @JsonProperty("closedTold")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<String> closedTold();
    }

    /** As before there were any, where there are none. */
    private interface Asked {
        @JsonProperty("freezes")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<Freeze> freezes();
    }

    /** As before any could be passed by an annotation, where this one cannot. */
    private interface Passable {
        @JsonProperty("byAnnotation")
        @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        boolean byAnnotation();
    }

    /** What repeats the state is no part of a decision, whose fingerprint outlives a release. */
    @JsonIgnoreProperties({"facts", "pods"})
    private interface Decided {}

    /** The same of what is told to the installation's event webhook. */
    @JsonIgnoreProperties({"facts", "run"})
    private interface Told {}

    /** The same of the status. */
    @JsonIgnoreProperties("judged")
    private interface Shown extends Hinted {}

    private static JsonMapper.Builder choices(JsonMapper.Builder mapper) {
        CHOICES.forEach(
                choice -> {
                    mapper.addMixIn(choice, Named.class);
                    cases(choice)
                            .forEach(
                                    one ->
                                            mapper.registerSubtypes(
                                                    new NamedType(one, one.getSimpleName())));
                });
        return mapper;
    }

    private static Stream<Class<?>> cases(Class<?> choice) {
        return choice.isSealed()
                ? Stream.of(choice.getPermittedSubclasses()).flatMap(RolloutJson::cases)
                : Stream.of(choice);
    }

    /** A value as JSON in UTF-8. */
    public static byte[] write(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException ours) {
            throw new IllegalStateException(
                    "every " + value.getClass().getSimpleName() + " has a JSON form", ours);
        }
    }

    /** What {@link #write} wrote, as a tree. */
    public static ObjectNode tree(byte[] json) {
        try {
            if (MAPPER.readTree(json) instanceof ObjectNode object) {
                return object;
            }
        } catch (IOException notOurs) {
            throw new IllegalStateException("what is kept is no JSON", notOurs);
        }
        throw new IllegalStateException("what is kept is no JSON object");
    }

    /** A value from its tree. */
    public static <T> T read(ObjectNode tree, Class<T> type) {
        try {
            return MAPPER.treeToValue(tree, type);
        } catch (JsonProcessingException notOurs) {
            throw new IllegalStateException(
                    "a kept " + type.getSimpleName() + " is not what this release can read",
                    notOurs);
        }
    }

    public static ObjectNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    /** Reads what {@link #write} wrote. */
    public static <T> T read(byte[] json, Class<T> type) {
        try {
            return MAPPER.readValue(json, type);
        } catch (IOException notOurs) {
            throw new IllegalStateException(
                    "a kept " + type.getSimpleName() + " is not what this release can read",
                    notOurs);
        }
    }
}
