package dev.serinus.router.route.appmesh;

import dev.serinus.router.objects.Edit;
import dev.serinus.schemas.canary.CanaryService;

import java.util.LinkedHashMap;
import java.util.Map;

/** The annotations by which App Mesh Gateway lets requests from outside in. */
final class Gateway {

    private static final String PREFIX = "gateway.appmesh.k8s.aws/";

    private Gateway() {}

    /** Those of the manifest; of ours, what the manifest has no more goes. */
    static void exposeMade(CanaryService service, Edit edit) {
        var wanted = annotations(service);
        edit.withoutAnnotations(key -> key.startsWith(PREFIX) && !wanted.containsKey(key));
        edit.annotate(wanted);
    }

    /** Those of the manifest beside what was there. */
    static void exposeAdopted(CanaryService service, Edit edit) {
        edit.annotate(annotations(service));
    }

    private static Map<String, String> annotations(CanaryService service) {
        Map<String, String> annotations = new LinkedHashMap<>();
        if (service.hosts() == null || service.hosts().isEmpty()) {
            return annotations;
        }
        annotations.put(PREFIX + "expose", "true");
        // Each with a comma, the last one too, as Flagger writes it and the gateway reads it.
        annotations.put(PREFIX + "domain", String.join(",", service.hosts()) + ",");
        if (service.timeout() != null && !service.timeout().isEmpty()) {
            annotations.put(PREFIX + "timeout", service.timeout());
        }
        if (service.retries() != null && service.retries().path("attempts").asInt() > 0) {
            annotations.put(PREFIX + "retries", service.retries().path("attempts").asText());
        }
        return annotations;
    }
}
