package dev.serinus.schemas.canary;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.serinus.schemas.events.Problem;

import io.fabric8.kubernetes.api.model.ObjectMeta;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Reads one kind of resource, from a tree or wherever fabric8 reads JSON; never throws because of
 * its content.
 */
abstract class ResourceReader<S extends Record, T extends FlaggerResource<S, ?>>
        extends JsonDeserializer<T> {
    static final ObjectMapper MAPPER =
            JsonMapper.builder()
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .addMixIn(ObjectMeta.class, Unmanaged.class)
                    .build();

    /** Who wrote which field is often longer than all the rest, and nobody reads it here. */
    @JsonIgnoreProperties("managedFields")
    private interface Unmanaged {}

    private final Supplier<T> blank;
    private final Class<S> spec;

    ResourceReader(Supplier<T> blank, Class<S> spec) {
        this.blank = blank;
        this.spec = spec;
    }

    /** Reads Canaries. */
    static final class Canaries extends ResourceReader<CanarySpec, Canary> {
        Canaries() {
            super(Canary::new, CanarySpec.class);
        }

        @Override
        void readStatus(Canary canary, JsonNode status, RecordReader records) {
            canary.setStatus(records.read(CanaryStatus.class, status, "status"));
        }
    }

    /** Reads MetricTemplates. */
    static final class MetricTemplates extends ResourceReader<MetricTemplateSpec, MetricTemplate> {
        MetricTemplates() {
            super(MetricTemplate::new, MetricTemplateSpec.class);
        }
    }

    /** Reads AlertProviders. */
    static final class AlertProviders extends ResourceReader<AlertProviderSpec, AlertProvider> {
        AlertProviders() {
            super(AlertProvider::new, AlertProviderSpec.class);
        }
    }

    @Override
    public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        return read(context.readTree(parser));
    }

    T read(JsonNode object) {
        var resource = blank.get();
        var problems = new ArrayList<Problem>();
        resource.setMetadata(metadata(object.path("metadata"), problems));
        var records = new RecordReader();
        if (object.path("spec").isMissingNode() || object.path("spec").isNull()) {
            problems.add(new Problem("spec", "is required"));
        } else if (SpecSize.isTooLarge(object.path("spec"))) {
            problems.add(
                    new Problem(
                            "spec",
                            "has more than %,d characters: keep large texts elsewhere, or split it"
                                    .formatted(SpecSize.LARGEST)));
        } else {
            resource.setSpec(records.read(spec, object.path("spec"), "spec"));
        }
        if (object.path("status").isObject()) {
            readStatus(resource, object.path("status"), records);
        }
        problems.addAll(records.problems());
        resource.misread(problems);
        return resource;
    }

    /** Flagger's templates and providers have no status. */
    void readStatus(T resource, JsonNode status, RecordReader records) {}

    private static ObjectMeta metadata(JsonNode metadata, List<Problem> problems) {
        try {
            return metadata.isObject()
                    ? MAPPER.treeToValue(metadata, ObjectMeta.class)
                    : new ObjectMeta();
        } catch (JsonProcessingException malformed) {
            // Jackson's message would quote the value.
            problems.add(new Problem("metadata", "is no metadata of a Kubernetes object"));
            return new ObjectMeta();
        }
    }
}
