package dev.serinus.schemas.telemetry;

import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Gives two of Flagger's gauges their names back. Prometheus' Java client keeps the endings {@code
 * _info} and {@code _total} for other types than gauges and takes them off: {@code flagger_info}
 * would be scraped as {@code flagger}, {@code flagger_canary_total} as {@code flagger_canary}.
 */
public final class FlaggerNames {

    /** A gauge, 1: the version and the mesh provider are its labels. */
    public static final String INFO = "flagger_info";

    /** A gauge: how many Canaries a namespace has. */
    public static final String TOTAL = "flagger_canary_total";

    private static final Pattern CUT =
            Pattern.compile(
                    "^(# HELP |# TYPE |)(flagger|flagger_canary)(?=[ {])", Pattern.MULTILINE);

    private FlaggerNames() {}

    /** Prometheus text as the client wrote it, with the two names as Flagger has them. */
    public static String restored(String scraped) {
        return CUT.matcher(scraped).replaceAll(FlaggerNames::whole);
    }

    private static String whole(MatchResult cut) {
        return cut.group(1) + (cut.group(2).equals("flagger") ? INFO : TOTAL);
    }
}
