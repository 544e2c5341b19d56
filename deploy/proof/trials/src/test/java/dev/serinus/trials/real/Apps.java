package dev.serinus.trials.real;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.testbed.junit.TestBed;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** What a team does with its applications: apply, release, change a config, delete. */
record Apps(TestBed bed, String outside) {

    static final List<String> ALL =
            List.of(
                    "web", "api", "agent", "worker", "store", "till", "orders", "front", "desk",
                    "stock", "parcel", "cart", "ledger", "post", "ticket", "shelf", "twin", "pair");

    void apply(String file) {
        try (var in = Apps.class.getResourceAsStream(file + ".yaml")) {
            String yaml = new String(in.readAllBytes(), UTF_8).replace("OUTSIDE", outside);
            bed.admin()
                    .load(new ByteArrayInputStream(yaml.getBytes(UTF_8)))
                    .items()
                    .forEach(this::create);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    void create(HasMetadata object) {
        var _ = bed.admin().resource(object).inNamespace(bed.namespace()).create();
    }

    /** What is released, where that is no Deployment. */
    private static final Map<String, String> KINDS =
            Map.of("agent", "DaemonSet", "ticket", "Service", "shelf", "Service");

    static String kind(String app) {
        return KINDS.getOrDefault(app, "Deployment");
    }

    Resource<GenericKubernetesResource> target(String app) {
        return object(kind(app), apiVersion(app), app);
    }

    private static String apiVersion(String app) {
        return switch (app) {
            case "ticket" -> "serving.knative.dev/v1";
            case "shelf" -> "v1";
            default -> "apps/v1";
        };
    }

    void release(String app, int version) {
        String patch =
                app.equals("shelf")
                        ? "{\"spec\":{\"selector\":{\"version\":\"%d\"}}}".formatted(version)
                        : """
                        {"spec":{"template":{"spec":{"containers":[{"name":"%s","image":"%s:%d"}]}}}}
                        """
                                .formatted(app, app, version);
        // The API server knows no other patch of a kind that is not its own.
        var type = app.equals("ticket") ? PatchType.JSON_MERGE : PatchType.STRATEGIC_MERGE;
        patch(kind(app), apiVersion(app), app, patch, type);
    }

    void patch(String kind, String apiVersion, String name, String patch, PatchType type) {
        var _ =
                bed.admin()
                        .genericKubernetesResources(apiVersion, kind)
                        .inNamespace(bed.namespace())
                        .withName(name)
                        .patch(PatchContext.of(type), patch);
    }

    Resource<GenericKubernetesResource> object(String kind, String apiVersion, String name) {
        return bed.admin()
                .genericKubernetesResources(apiVersion, kind)
                .inNamespace(bed.namespace())
                .withName(name);
    }

    Resource<GenericKubernetesResource> canary(String app) {
        return object("Canary", "flagger.app/v1beta1", app);
    }

    /** The phase, or nothing yet, or that it is gone. */
    String phase(String app) {
        var canary = canary(app).get();
        if (canary == null) {
            return "gone";
        }
        String phase = canary.get("status", "phase");
        return phase == null ? "" : phase;
    }
}
