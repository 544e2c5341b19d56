package dev.serinus.watcher.cluster;

import dev.serinus.schemas.canary.PassFreeze;
import dev.serinus.schemas.events.FreezePassAsked;

import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMeta;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What a Canary's annotation asks for that is to let a run pass freezes, and who wrote it. */
final class FreezePasses {

    /** Of the API server. */
    private static final int LONGEST_MANAGER = 128;

    private FreezePasses() {}

    /** Null where there is none, or none that can be read. */
    static @Nullable FreezePassAsked asked(ObjectMeta meta) {
        return PassFreeze.of(meta)
                .map(pass -> new FreezePassAsked(pass.names(), pass.reason(), manager(meta)))
                .orElse(null);
    }

    /** By the API server's bookkeeping; of several the one that wrote last. */
    private static String manager(ObjectMeta meta) {
        var entries =
                meta.getManagedFields() == null
                        ? List.<ManagedFieldsEntry>of()
                        : meta.getManagedFields();
        return entries.stream()
                .filter(FreezePasses::isWriter)
                .filter(entry -> entry.getManager() != null)
                .max(
                        Comparator.comparing(
                                ManagedFieldsEntry::getTime,
                                Comparator.nullsFirst(Comparator.naturalOrder())))
                .map(entry -> Objects.requireNonNull(entry.getManager()))
                .filter(manager -> manager.length() <= LONGEST_MANAGER)
                .orElse("");
    }

    private static boolean isWriter(ManagedFieldsEntry entry) {
        return entry.getFieldsV1() != null
                && entry.getFieldsV1().getAdditionalProperties().get("f:metadata")
                        instanceof Map<?, ?> metadata
                && metadata.get("f:annotations") instanceof Map<?, ?> annotations
                && annotations.containsKey("f:" + PassFreeze.ANNOTATION);
    }
}
