package dev.serinus.router.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.FieldsV1;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntryBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;

import org.junit.jupiter.api.Test;

import java.util.Map;

class WritersTest {

    private static ManagedFieldsEntry wrote(String manager, String time, String field) {
        var fields = new FieldsV1();
        fields.setAdditionalProperties(Map.of(field, Map.of()));
        return new ManagedFieldsEntryBuilder()
                .withManager(manager)
                .withTime(time)
                .withFieldsV1(fields)
                .build();
    }

    @Test
    void theLastOneBesideUsWhoWroteTheSpecIsNamed() {
        var meta =
                new ObjectMetaBuilder()
                        .withManagedFields(
                                wrote("kubectl", "2026-01-01T00:00:00Z", "f:spec"),
                                wrote("dapr", "2026-01-01T00:00:07Z", "f:spec"),
                                wrote("kube-controller", "2026-01-01T00:00:08Z", "f:status"),
                                wrote(
                                        "fabric8-kubernetes-client",
                                        "2026-01-01T00:00:06Z",
                                        "f:spec"),
                                wrote("serinus", "2026-01-01T00:00:09Z", "f:spec"))
                        .build();
        assertThat(Writers.lastBesideUs(meta)).isEqualTo("dapr");
    }

    @Test
    void nobodyIsNamedWhereNobodyIsNoted() {
        assertThat(Writers.lastBesideUs(new ObjectMetaBuilder().build())).isEmpty();
    }
}
