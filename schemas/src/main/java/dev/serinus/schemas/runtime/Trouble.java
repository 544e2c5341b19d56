package dev.serinus.schemas.runtime;

import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Arrays;

/** Tells what kind of trouble an exception is, and puts it into words that may be published. */
public final class Trouble {

    private static final String OURS = "dev.serinus.";

    private Trouble() {}

    /**
     * True for what goes away by itself, such as a schema registry that does not answer. Foreign
     * serializers wrap the network's exception, so the causes are looked at as well.
     */
    public static boolean passes(Throwable trouble) {
        for (@Nullable Throwable each = trouble; each != null; each = each.getCause()) {
            if (each instanceof RetriableException
                    || (each instanceof IOException
                            && each.getClass().getPackageName().startsWith("java.net"))) {
                return true;
            }
        }
        return false;
    }

    /**
     * The reason for a dead letter. Only sentences thrown by our own code are told: those of a
     * library may quote what it was given, such as a webhook's address, which must reach neither a
     * topic nor a log. The place in our code stands in for them.
     */
    public static String reason(Throwable trouble) {
        StackTraceElement[] trace = trouble.getStackTrace();
        // Kafka's retriable exceptions, of which RegistryAway is one, have no trace.
        boolean ours =
                trouble.getClass().getName().startsWith(OURS)
                        || (trace.length > 0 && trace[0].getClassName().startsWith(OURS));
        String said = ours && trouble.getMessage() != null ? ": " + trouble.getMessage() : "";
        String place =
                Arrays.stream(trace)
                        .filter(frame -> frame.getClassName().startsWith(OURS))
                        .findFirst()
                        .map(frame -> " at " + frame.getFileName() + ":" + frame.getLineNumber())
                        .orElse("");
        return trouble.getClass().getName() + said + place;
    }
}
