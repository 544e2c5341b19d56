package dev.serinus.watcher.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.events.FreezePassAsked;

import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntryBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/** Who wrote the annotation that is to let a run pass freezes, as far as the API server knows. */
class FreezePassesTest {

    private static final String ANNOTATION = "serinus.dev/pass-freeze";

    @Test
    void whoeverWroteTheAnnotationLastIsNamedAndNobodyWhoWroteAnotherField() {
        var meta =
                annotated(
                        wrote("helm", "2026-12-01T09:00:00Z", ANNOTATION),
                        wrote("kubectl-annotate", "2026-12-01T10:00:00Z", ANNOTATION),
                        wrote("flux", "2026-12-01T11:00:00Z", "example.com/other"));

        assertThat(FreezePasses.asked(meta))
                .isEqualTo(new FreezePassAsked(List.of("weekend"), "why", "kubectl-annotate"));
    }

    @Test
    void withoutTheBookkeepingOfTheApiServerNobodyIsNamed() {
        assertThat(FreezePasses.asked(annotated()))
                .isEqualTo(new FreezePassAsked(List.of("weekend"), "why", ""));
    }

    @Test
    void whoHasNoAnnotationAsksForNothing() {
        assertThat(FreezePasses.asked(new ObjectMeta())).isNull();
    }

    private static ObjectMeta annotated(ManagedFieldsEntry... entries) {
        return new ObjectMetaBuilder()
                .withAnnotations(Map.of(ANNOTATION, "weekend: why"))
                .withManagedFields(entries)
                .build();
    }

    private static ManagedFieldsEntry wrote(String manager, String time, String annotation) {
        return new ManagedFieldsEntryBuilder()
                .withManager(manager)
                .withTime(time)
                .withNewFieldsV1()
                .addToAdditionalProperties(
                        "f:metadata", Map.of("f:annotations", Map.of("f:" + annotation, Map.of())))
                .endFieldsV1()
                .build();
    }
}
