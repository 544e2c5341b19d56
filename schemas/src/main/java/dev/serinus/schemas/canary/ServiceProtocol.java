package dev.serinus.schemas.canary;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/** What the application of a Canary speaks, as far as its manifest says. */
public final class ServiceProtocol {

    /**
     * Calls of gRPC that a path means.
     *
     * @param service its whole name; empty for all
     * @param method empty for all of the service
     */
    public record Call(String service, String method) {}

    private ServiceProtocol() {}

    /**
     * True when the port is called after gRPC, as Flagger looks at it, or {@code appProtocol} says
     * so.
     */
    public static boolean isGrpc(CanaryService service) {
        String name = service.portName();
        return (name != null && name.contains("grpc"))
                || "grpc".equalsIgnoreCase(service.appProtocol());
    }

    /** True where it speaks TCP, of which no requests can be told apart. */
    public static boolean isTcp(@Nullable CanaryService service) {
        return service != null && "tcp".equalsIgnoreCase(service.appProtocol());
    }

    /**
     * The calls that a path means: those of /SERVICE/METHOD by exact and of /SERVICE/ by prefix;
     * empty for a path that is no call.
     */
    public static Optional<Call> call(JsonNode uri) {
        String path = uri.path(uri.has("exact") ? "exact" : "prefix").asText();
        String[] parts = path.replaceFirst("^/", "").split("/", -1);
        boolean whole = uri.has("exact") ? parts.length == 2 : path.isEmpty() || path.endsWith("/");
        return uri.has("regex") || parts.length > 2 || !whole
                ? Optional.empty()
                : Optional.of(new Call(parts[0], parts.length == 2 ? parts[1] : ""));
    }
}
