package dev.serinus.analysis.access;

import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Lets callers in, and says what they may see and do. */
public final class Access {

    /** Whoever asks this machine where nobody logs in. */
    private static final Caller LOCAL = new Caller("localhost", Set.of());

    /** Whoever asks from elsewhere where nobody logs in. */
    private static final Caller ANYBODY = new Caller("anybody", Set.of());

    private final List<Authenticator> authenticators;
    private final @Nullable Caller unnamed;
    private final Supplier<Rules> rules;
    private final boolean acts;
    private final RateLimit limit;
    private final RateLimit thoughts;
    private final @Nullable BrowserLogin browser;
    private final InstantSource time;

    private Access(
            List<Authenticator> authenticators,
            @Nullable Caller unnamed,
            Supplier<Rules> rules,
            boolean acts,
            RateLimit limit,
            RateLimit thoughts,
            @Nullable BrowserLogin browser,
            InstantSource time) {
        this.authenticators = List.copyOf(authenticators);
        this.unnamed = unnamed;
        this.rules = rules;
        this.acts = acts;
        this.limit = limit;
        this.thoughts = thoughts;
        this.browser = browser;
        this.time = time;
    }

    /**
     * What a configuration says. Where nobody logs in, everybody may see everything, and only on
     * loopback do anything.
     *
     * @param loopback this machine alone is served
     * @throws IllegalArgumentException naming what is wrong with it
     */
    public static Access of(
            AccessConfig config, LoginConfig browser, boolean loopback, InstantSource time) {
        List<Authenticator> known = new ArrayList<>();
        if (config.tokensFile() != null) {
            var tokens = new ReadAgain<>(config.tokensFile(), Tokens::read, time);
            known.add(token -> tokens.get().caller(token));
        }
        var oidc = config.oidc();
        if (oidc != null) {
            known.add(new OidcTokens(oidc));
        } else if (browser.clientId() != null) {
            throw new IllegalArgumentException(
                    "serinus.api.login.client-id says nothing without serinus.api.oidc-issuer");
        }
        boolean login = !known.isEmpty();
        Rules otherwise = loopback && !login ? Rules.EVERYTHING : Rules.READ_ONLY;
        return new Access(
                known,
                login ? null : loopback ? LOCAL : ANYBODY,
                config.rulesFile() == null
                        ? () -> otherwise
                        : new ReadAgain<>(config.rulesFile(), RulesFile::read, time),
                login || loopback,
                new RateLimit(config.actionsPerMinute(), time),
                new RateLimit(config.actionsPerMinute(), time),
                oidc == null || browser.clientId() == null
                        ? null
                        : new BrowserLogin(oidc, browser, time),
                time);
    }

    /**
     * Who it is.
     *
     * @param token that was sent; null where none was
     * @return empty for nobody who is let in
     * @throws ProviderAway where that cannot be said now
     */
    public Optional<Caller> caller(@Nullable String token) {
        if (unnamed != null) {
            return Optional.of(unnamed);
        }
        if (token == null || token.isEmpty()) {
            return Optional.empty();
        }
        return authenticators.stream().flatMap(each -> each.caller(token).stream()).findFirst();
    }

    /** True for a token that says itself that it is over; what it says else is not looked at. */
    public boolean isOver(String token) {
        return authenticators.stream().anyMatch(each -> each.isOver(token, time.instant()));
    }

    /** How people log in with a browser; empty where they do not. */
    public Optional<BrowserLogin> browserLogin() {
        return Optional.ofNullable(browser);
    }

    /** False where nobody logs in and anybody could ask: then nothing is done for anybody. */
    public boolean takesActions() {
        return acts;
    }

    /** True where callers say who they are. */
    public boolean hasLogin() {
        return unnamed == null;
    }

    /** True where this caller may do this with this canary. */
    public boolean allows(Caller caller, String verb, CanaryKey canary) {
        return rules.get().allow(caller, verb, canary);
    }

    /**
     * True where this caller may do this with all of a cluster, so also with what names no canary.
     */
    public boolean allowsAll(Caller caller, String verb, String cluster) {
        return rules.get().allowAll(caller, verb, cluster);
    }

    /** True where this caller may do this with all there is, so also with what is in no cluster. */
    public boolean allowsEverywhere(Caller caller, String verb) {
        return rules.get().allowEverywhere(caller, verb);
    }

    /** True where this caller may do this with something of a cluster, whatever it is. */
    public boolean allowsSome(Caller caller, String verb, String cluster) {
        return rules.get().allowSome(caller, verb, cluster);
    }

    /**
     * What this caller's sight depends on: the same as long as neither the rules nor the caller's
     * groups changed.
     */
    public int sight(Caller caller) {
        return Objects.hash(rules.get(), caller);
    }

    /** Counts a request for actions; otherwise how long the caller is to wait. */
    public Optional<Duration> take(Caller caller) {
        return limit.take(caller.name());
    }

    /**
     * Counts a request for what is worked out and changes nothing; otherwise how long to wait. As
     * many are taken as actions are, and by themselves: who looks keeps nobody from acting.
     *
     * @param who by name, or by address where nobody logs in
     */
    public Optional<Duration> takeThought(String who) {
        return thoughts.take(who);
    }
}
