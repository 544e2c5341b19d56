package dev.serinus.router.drift;

import dev.serinus.schemas.shell.KubernetesClients;

import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMeta;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** Who writes an object, by the API server's own bookkeeping. */
final class Writers {

    private Writers() {}

    /** The field manager beside us that wrote its spec last; empty when there is none. */
    static String lastBesideUs(ObjectMeta meta) {
        var entries =
                meta.getManagedFields() == null
                        ? List.<ManagedFieldsEntry>of()
                        : meta.getManagedFields();
        return entries.stream()
                .filter(
                        entry ->
                                !KubernetesClients.FIELD_MANAGER.equals(entry.getManager())
                                        && writesSpec(entry))
                .filter(entry -> entry.getTime() != null && entry.getManager() != null)
                .max(Comparator.comparing(ManagedFieldsEntry::getTime))
                .map(entry -> Objects.requireNonNull(entry.getManager()))
                .orElse("");
    }

    private static boolean writesSpec(ManagedFieldsEntry entry) {
        var fields = entry.getFieldsV1();
        return fields == null || fields.getAdditionalProperties().containsKey("f:spec");
    }
}
