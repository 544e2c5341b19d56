package dev.serinus.router.route;

import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.CanaryAnalysis.SessionAffinity;
import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.canary.Revision;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Cookies that keep a client on the side it met first. Flagger draws a cookie's value by lot and
 * keeps it in the status, where a conflict can lose it; here it follows from the run, so that the
 * same step always writes the same route. A value that is live already, such as Flagger's, stays.
 */
public sealed interface Affinity {

    /** Every client goes by weight alone. */
    record Off() implements Affinity {}

    /**
     * Clients stay where they are.
     *
     * @param primary null when the manifest names no cookie for the primary, and when all go to the
     *     canary: nobody is kept where there may be no pods
     */
    record Sticky(Cookie canary, @Nullable Cookie primary) implements Affinity {}

    /** The run is over: clients that still have its cookie are told to forget it. */
    record Forgetting(Cookie canary) implements Affinity {}

    /**
     * A cookie, the regular expression that finds it and the header that sets it.
     *
     * @param setCookie value of the Set-Cookie header
     */
    record Cookie(String regex, String setCookie) {}

    /** A rule of the live route that looks at cookies. */
    record Observed(String regex, boolean forgetting) {}

    /**
     * The cookies that a route shows, each as name=value.
     *
     * @param session keeps clients on the canary; empty when there is no run
     * @param previous is to be forgotten; empty when nobody is told so
     * @param primary keeps clients on the primary; empty when there is none
     */
    record Shown(String session, String previous, String primary) {}

    int LETTERS = 10;
    Pattern SPECIAL = Pattern.compile("[\\\\.+*?^$|(){}\\[\\]]");
    int DEFAULT_MAX_AGE = 86_400;

    /** What the route shall do about cookies. */
    static Affinity of(Routing routing, List<Observed> live) {
        var analysis = routing.canary().getSpec().analysis();
        var spec = analysis.sessionAffinity();
        if (spec == null) {
            return new Off();
        }
        String uid = routing.canary().getMetadata().getUid();
        Optional<String> sticky = value(spec.cookieName(), live, false);
        if (!routing.split().canaryWeight().isAny()) {
            return sticky.or(() -> value(spec.cookieName(), live, true))
                    .<Affinity>map(
                            value -> new Forgetting(forgotten(spec, spec.cookieName(), value)))
                    .orElseGet(Off::new);
        }
        int maxAge = spec.maxAge() == null || spec.maxAge() == 0 ? DEFAULT_MAX_AGE : spec.maxAge();
        var canary =
                cookie(
                        spec,
                        spec.cookieName(),
                        sticky.orElseGet(() -> letters(uid + "/" + routing.run())),
                        maxAge);
        String name = spec.primaryCookieName();
        if (name == null || name.isEmpty() || !routing.split().reachesPrimary()) {
            return new Sticky(canary, null);
        }
        long interval = Durations.interval(analysis.interval(), Duration.ZERO).toSeconds();
        String value = value(name, live, false).orElseGet(() -> letters(uid + "/primary"));
        return new Sticky(canary, cookie(spec, name, value, interval));
    }

    /** What the rules of a route show; empty when the Canary asks for no cookies. */
    static Optional<Shown> shown(Canary canary, List<Observed> live) {
        var spec = canary.getSpec().analysis().sessionAffinity();
        return spec == null
                ? Optional.empty()
                : Optional.of(
                        new Shown(
                                named(spec.cookieName(), live, false),
                                named(spec.cookieName(), live, true),
                                named(spec.primaryCookieName(), live, false)));
    }

    private static String named(@Nullable String name, List<Observed> live, boolean forgetting) {
        return name == null || name.isEmpty()
                ? ""
                : value(name, live, forgetting).map(value -> name + "=" + value).orElse("");
    }

    private static Cookie cookie(SessionAffinity spec, String name, String value, long maxAge) {
        var text = new StringBuilder(name + "=" + value + "; Max-Age=" + maxAge);
        attribute(text, "Domain", spec.domain());
        flag(text, "HttpOnly", spec.httpOnly());
        flag(text, "Partitioned", spec.partitioned());
        attribute(text, "Path", spec.path());
        attribute(text, "SameSite", spec.sameSite());
        flag(text, "Secure", spec.secure());
        return new Cookie(regex(name, value), text.toString());
    }

    /**
     * A browser finds the cookie to forget by name, domain, path and partition, of which Flagger
     * gives the name only; and it refuses some cookies, even to forget them, unless they are
     * secure.
     */
    private static Cookie forgotten(SessionAffinity spec, String name, String value) {
        boolean partitioned = Boolean.TRUE.equals(spec.partitioned());
        boolean everywhere = "None".equalsIgnoreCase(spec.sameSite());
        boolean prefixed = name.startsWith("__Host-") || name.startsWith("__Secure-");
        var text = new StringBuilder(name + "=" + value + "; Max-Age=-1");
        attribute(text, "Domain", spec.domain());
        flag(text, "Partitioned", partitioned);
        attribute(text, "Path", spec.path());
        attribute(text, "SameSite", everywhere ? spec.sameSite() : null);
        flag(text, "Secure", partitioned || everywhere || prefixed);
        return new Cookie(regex(name, value), text.toString());
    }

    private static String regex(String name, String value) {
        return ".*" + quoted(name) + ".*" + value + ".*";
    }

    /** Names of cookies may have characters that mean something else in a regular expression. */
    private static String quoted(String name) {
        return SPECIAL.matcher(name).replaceAll("\\\\$0");
    }

    private static void attribute(StringBuilder text, String name, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            text.append("; ").append(name).append('=').append(value);
        }
    }

    private static void flag(StringBuilder text, String name, @Nullable Boolean on) {
        if (Boolean.TRUE.equals(on)) {
            text.append("; ").append(name);
        }
    }

    private static Optional<String> value(String name, List<Observed> live, boolean forgetting) {
        // Flagger, and what was written before, quote nothing.
        String names = Pattern.quote(name) + "|" + Pattern.quote(quoted(name));
        var pattern = Pattern.compile("\\.\\*(?:" + names + ")\\.\\*([A-Za-z]+)\\.\\*");
        return live.stream()
                .filter(seen -> seen.forgetting() == forgetting)
                .map(seen -> pattern.matcher(seen.regex()))
                .filter(match -> match.matches())
                .map(match -> match.group(1))
                .findFirst();
    }

    private static String letters(String seed) {
        String digest = Revision.digest(seed);
        var letters = new StringBuilder();
        for (int i = 0; i < LETTERS; i++) {
            int number = Integer.parseInt(digest.substring(4 * i, 4 * i + 4), 16) % 52;
            letters.append((char) (number < 26 ? 'a' + number : 'A' + number - 26));
        }
        return letters.toString();
    }
}
