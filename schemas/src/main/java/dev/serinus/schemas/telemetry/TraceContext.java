package dev.serinus.schemas.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;

/**
 * Where in a trace something is, by the identity of what it is about: a run of a Canary is a trace,
 * a step of it a span. So every service says the same of the same step, nothing has to be carried
 * along or kept, and who says it again after a restart says nothing new.
 *
 * @param trace 32 hexadecimal digits
 * @param span 16 of them
 */
public record TraceContext(String trace, String span) {

    /** The header by which it is handed on, as the W3C has it. */
    public static final String HEADER = "traceparent";

    /** Named by OpenTelemetry: where there is a collector, there are traces. */
    public static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /** The same for traces alone, which goes before it. */
    public static final String TRACES_ENDPOINT = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";

    private static final int TRACE_BYTES = 16;
    private static final int SPAN_BYTES = 8;

    /** A step of a run; step 0 is the run itself. */
    public static TraceContext of(String uid, long run, long step) {
        String trace = uid + "/" + run;
        return new TraceContext(digits(trace, TRACE_BYTES), digits(trace + "/" + step, SPAN_BYTES));
    }

    /** True where somebody wants traces. */
    public static boolean isWanted(Map<String, String> environment) {
        return !environment.getOrDefault(ENDPOINT, "").isBlank()
                || !environment.getOrDefault(TRACES_ENDPOINT, "").isBlank();
    }

    /** The header's value; the span is recorded. */
    public String header() {
        return "00-" + trace + "-" + span + "-01";
    }

    private static String digits(String of, int bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(of.getBytes(UTF_8));
            return HexFormat.of().formatHex(Arrays.copyOf(digest, bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
