package dev.serinus.schemas.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;
import org.apache.kafka.common.errors.SerializationException;

import java.net.URLEncoder;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * The schemas of a registry that speaks the Confluent REST API. What was learnt once is kept, since
 * an id never changes its meaning: a registry that is away then only stops what nobody has asked
 * for before, and that with {@link RegistryAway}, which passes. Nobody waits for an answer longer
 * than two seconds: it is still awaited, and is there when the caller comes again. Safe for use by
 * many threads, and one per registry and process.
 */
final class SchemaRegistry {

    private record Written(String subject, Schema schema) {}

    private static final Map<RegistrySettings, SchemaRegistry> SHARED = new ConcurrentHashMap<>();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LAST_PAUSE = Duration.ofMinutes(10);

    private final RegistryHttp http;
    private final boolean autoRegister;
    private final Map<Integer, Schema> byId = new ConcurrentHashMap<>();
    private final Map<Written, Integer> ids = new ConcurrentHashMap<>();
    private final Set<String> expected = ConcurrentHashMap.newKeySet();
    private final Map<Object, Question<?>> open = new ConcurrentHashMap<>();

    private SchemaRegistry(RegistrySettings settings) {
        http = new RegistryHttp(settings);
        autoRegister = settings.autoRegister();
    }

    /** The registry that a client's configuration names; empty when it names none. */
    static Optional<SchemaRegistry> of(Map<String, ?> configuration) {
        return RegistrySettings.of(configuration)
                .map(settings -> SHARED.computeIfAbsent(settings, SchemaRegistry::new));
    }

    /** The schema with this id; an id that the registry does not know is no schema of anybody. */
    Schema schema(int id) {
        Schema known = byId.get(id);
        if (known != null) {
            return known;
        }
        return question(id, () -> askedSchema(id));
    }

    private Schema askedSchema(int id) {
        Schema learnt =
                http.get("/schemas/ids/" + id)
                        .map(SchemaRegistry::parse)
                        .orElseThrow(
                                () ->
                                        new SerializationException(
                                                "the schema registry knows no schema with id "
                                                        + id));
        byId.put(id, learnt);
        return learnt;
    }

    /**
     * The id under which the subject has this schema. One that is not registered yet is registered
     * where {@code auto.register.schemas} allows it, and otherwise waited for.
     */
    int id(String subject, Schema schema) {
        var written = new Written(subject, schema);
        Integer known = ids.get(written);
        if (known != null) {
            return known;
        }
        return question(written, () -> askedId(written));
    }

    private int askedId(Written written) {
        String subject = written.subject();
        String path = "/subjects/" + URLEncoder.encode(subject, UTF_8);
        String body = JSON.createObjectNode().put("schema", written.schema().toString()).toString();
        int id =
                http.post(path, body)
                        .or(() -> autoRegister ? http.post(path + "/versions", body) : none())
                        .map(answer -> json(answer).path("id").asInt())
                        .orElseThrow(() -> unregistered(subject));
        ids.put(written, id);
        byId.put(id, written.schema());
        return id;
    }

    /** Asks the registry what nobody is asking it at the moment, and waits a moment. */
    @SuppressWarnings("unchecked") // what is asked for says what the answer is
    private <T> T question(Object what, Supplier<T> asking) {
        var question =
                (Question<T>)
                        open.computeIfAbsent(
                                what, _ -> Question.start("the schema registry", asking));
        try {
            return question.answer();
        } finally {
            if (question.isOver()) {
                open.remove(what, question);
            }
        }
    }

    /**
     * Learns in the background what the subject has, so that a registry that goes away later is not
     * missed: not for what we write, nor for what an older or newer version of us wrote.
     */
    void expect(String subject, Schema present) {
        if (expected.add(subject)) {
            Thread.ofVirtual().name("learn-" + subject).start(() -> learn(subject, present));
        }
    }

    /** True when writing needs no question to the registry. */
    boolean knows(String subject, Schema schema) {
        return ids.containsKey(new Written(subject, schema));
    }

    private void learn(String subject, Schema present) {
        String path = "/subjects/" + URLEncoder.encode(subject, UTF_8) + "/versions";
        for (Duration pause = FIRST_PAUSE; ; pause = pause.multipliedBy(2)) {
            try {
                for (JsonNode version : json(http.get(path).orElse("[]"))) {
                    http.get(path + "/" + version.asInt())
                            .ifPresent(found -> keep(subject, found, present));
                }
                return;
            } catch (RegistryAway later) {
                if (pause.compareTo(LAST_PAUSE) > 0) {
                    return; // it is asked again when the schema is needed
                }
                LockSupport.parkNanos(pause.toNanos());
            } catch (SerializationException foreign) {
                return; // what somebody else put there is judged when such a record comes
            }
        }
    }

    private void keep(String subject, String found, Schema present) {
        int id = json(found).path("id").asInt();
        Schema schema = parse(found);
        byId.putIfAbsent(id, schema);
        if (schema.equals(present)) {
            ids.putIfAbsent(new Written(subject, present), id);
        }
    }

    private static Optional<String> none() {
        return Optional.empty();
    }

    private static RegistryAway unregistered(String subject) {
        return new RegistryAway(
                "the schema registry does not have this version's schema under subject %s yet: register it, or set auto.register.schemas"
                        .formatted(subject));
    }

    private static Schema parse(String body) {
        JsonNode answer = json(body);
        if (!answer.path("references").isEmpty()) {
            throw new SerializationException(
                    "the schema refers to others in the registry, which ours never do");
        }
        try {
            return new Schema.Parser().parse(answer.path("schema").asText());
        } catch (SchemaParseException foreign) {
            throw new SerializationException("the registry's schema is no Avro schema", foreign);
        }
    }

    private static JsonNode json(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException other) {
            throw new RegistryAway("the schema registry answered something that is not JSON");
        }
    }
}
