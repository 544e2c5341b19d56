package dev.serinus.analysis.api;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Answers as JSON. What went wrong is a problem of RFC 9457 at the versioned paths, and a sentence
 * at those that were there before.
 */
final class Answers {

    /** The beginning of every versioned path. */
    static final String V1 = "/api/v1/";

    /** Its own, so that the answer is the same in whatever context it is served. */
    static final ObjectMapper JSON =
            JsonMapper.builder()
                    .addModule(new JavaTimeModule())
                    .addModule(
                            new SimpleModule()
                                    .addSerializer(Double.class, new FiniteOrNull())
                                    .addSerializer(Double.TYPE, new FiniteOrNull()))
                    .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                    .build();

    private static final MediaType PROBLEM = MediaType.of("application/problem+json");

    private Answers() {}

    /** JSON has no number for what is infinite, and nobody expects a text in its place. */
    private static final class FiniteOrNull extends StdScalarSerializer<Double> {

        private static final long serialVersionUID = 1;

        FiniteOrNull() {
            super(Double.class);
        }

        @Override
        public void serialize(Double value, JsonGenerator json, SerializerProvider provider)
                throws IOException {
            if (Double.isFinite(value)) {
                json.writeNumber(value);
            } else {
                json.writeNull();
            }
        }
    }

    static MutableHttpResponse<String> json(HttpStatus status, Object body) {
        return io.micronaut.http.HttpResponse.<String>status(status)
                .contentType(MediaType.APPLICATION_JSON_TYPE)
                .body(text(body));
    }

    /** 200 with a tag of what is in it, or 304 where the caller has just that. */
    static MutableHttpResponse<String> tagged(HttpRequest<?> request, Object body) {
        String text = text(body);
        String tag = '"' + digest(text) + '"';
        String known = request.getHeaders().get(HttpHeaders.IF_NONE_MATCH);
        MutableHttpResponse<String> answer =
                known != null && isAmong(known, tag)
                        ? io.micronaut.http.HttpResponse.notModified()
                        : io.micronaut.http.HttpResponse.<String>ok(text)
                                .contentType(MediaType.APPLICATION_JSON_TYPE);
        // Nobody else may be given what this caller may see.
        return answer.header(HttpHeaders.ETAG, tag)
                .header(HttpHeaders.CACHE_CONTROL, "private, no-cache");
    }

    /** A proxy that compresses marks the tag as weak; what is compared is what it stands for. */
    private static boolean isAmong(String known, String tag) {
        return Stream.of(known.split(",", -1))
                .map(String::strip)
                .map(each -> each.startsWith("W/") ? each.substring(2) : each)
                .anyMatch(each -> each.equals(tag) || each.equals("*"));
    }

    private static String digest(String text) {
        try {
            byte[] whole =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(whole, 0, 16);
        } catch (NoSuchAlgorithmException everyPlatformHasIt) {
            throw new IllegalStateException(everyPlatformHasIt);
        }
    }

    static MutableHttpResponse<String> problem(
            HttpRequest<?> request, HttpStatus status, String detail) {
        return problem(request, status, detail, Map.of());
    }

    /**
     * A problem with more to be said of it.
     *
     * @param more members beside those of every problem
     */
    static MutableHttpResponse<String> problem(
            HttpRequest<?> request, HttpStatus status, String detail, Map<String, ?> more) {
        if (!request.getPath().startsWith(V1)) {
            return json(status, new Views.Problem(detail));
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", "about:blank");
        body.put("title", status.getReason());
        body.put("status", status.getCode());
        body.put("detail", detail);
        body.put("instance", request.getPath());
        body.putAll(more);
        return io.micronaut.http.HttpResponse.<String>status(status)
                .contentType(PROBLEM)
                .body(text(body));
    }

    /**
     * Where somebody asks too often.
     *
     * @param what is asked too often, in the plural
     * @param wait for the next
     */
    static MutableHttpResponse<String> tooMany(HttpRequest<?> request, String what, Duration wait) {
        long seconds = Math.max(1, wait.plusMillis(999).toSeconds());
        return problem(
                        request,
                        HttpStatus.TOO_MANY_REQUESTS,
                        "too many %s: the next one in %d s".formatted(what, seconds))
                .header(HttpHeaders.RETRY_AFTER, String.valueOf(seconds));
    }

    private static String text(Object body) {
        try {
            return JSON.writeValueAsString(body);
        } catch (JsonProcessingException ours) {
            throw new IllegalStateException("every view has a JSON form", ours);
        }
    }
}
