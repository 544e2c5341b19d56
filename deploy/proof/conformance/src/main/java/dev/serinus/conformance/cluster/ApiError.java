package dev.serinus.conformance.cluster;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.conformance.json.Json;

/** What the API server refuses, in its own words. */
public final class ApiError extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int code;
    private final String reason;

    private ApiError(int code, String reason, String message) {
        super(message);
        this.code = code;
        this.reason = reason;
    }

    static ApiError notFound(Resource resource, String name) {
        return new ApiError(
                404, "NotFound", "%s \"%s\" not found".formatted(resource.title(), name));
    }

    static ApiError unknown(String path) {
        return new ApiError(
                404, "NotFound", "the server could not find the requested resource: " + path);
    }

    static ApiError exists(Resource resource, String name) {
        return new ApiError(
                409, "AlreadyExists", "%s \"%s\" already exists".formatted(resource.title(), name));
    }

    static ApiError conflict(Resource resource, String name) {
        return new ApiError(
                409,
                "Conflict",
                ("Operation cannot be fulfilled on %s \"%s\": the object has been modified; please"
                                + " apply your changes to the latest version and try again")
                        .formatted(resource.title(), name));
    }

    static ApiError invalid(Resource resource, String name, String because) {
        return new ApiError(
                422,
                "Invalid",
                "%s \"%s\" is invalid: %s".formatted(resource.kind(), name, because));
    }

    /** What a patch rests on is so no longer: the API server names no object here. */
    static ApiError unpatched() {
        return new ApiError(
                422, "Invalid", "the server rejected our request due to an error in our request");
    }

    static ApiError unusable(String because) {
        return new ApiError(400, "BadRequest", because);
    }

    int code() {
        return code;
    }

    JsonNode status() {
        return Json.object()
                .put("kind", "Status")
                .put("apiVersion", "v1")
                .put("status", "Failure")
                .put("message", getMessage())
                .put("reason", reason)
                .put("code", code);
    }
}
