package dev.serinus.router.route.appmesh;

import dev.serinus.schemas.canary.CanaryService;
import dev.serinus.schemas.canary.ServiceProtocol;

import java.util.Locale;

/** What a listener speaks; the route has to be of the same protocol. */
enum Protocol {
    HTTP,
    HTTP2,
    GRPC;

    /** How App Mesh calls it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * By the port's name as in Flagger, which knows gRPC only: a mesh that it left would answer 503
     * while App Mesh changes a protocol in two steps. And by {@code appProtocol}, which it does not
     * look at.
     */
    static Protocol of(CanaryService service, Version version) {
        // Routes of the first version are of HTTP or TCP, and a listener has to be like its route.
        var protocol = of(service);
        return version == Version.V1BETA1 && protocol == HTTP2 ? HTTP : protocol;
    }

    private static Protocol of(CanaryService service) {
        String declared = service.appProtocol() == null ? "" : service.appProtocol();
        if (ServiceProtocol.isGrpc(service)) {
            return GRPC;
        }
        return switch (declared.toLowerCase(Locale.ROOT)) {
            case "http2", "h2c", "kubernetes.io/h2c" -> HTTP2;
            default -> HTTP;
        };
    }
}
