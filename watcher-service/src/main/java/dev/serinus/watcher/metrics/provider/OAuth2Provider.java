package dev.serinus.watcher.metrics.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A provider that is asked with the access token of a client of OAuth2. A token that was kept and
 * is refused is got anew, once.
 */
final class OAuth2Provider implements MetricsProvider {

    private static final Answer NO_RANGE = new Answer.NoData("there is no range of this query");

    private static final int UNAUTHORIZED = 401;

    private final ProviderType type;
    private final ProviderContext context;
    private final AccessTokens tokens;

    /**
     * @param context without what puts tokens on requests
     */
    OAuth2Provider(ProviderType type, ProviderContext context, AccessTokens tokens) {
        this.type = type;
        this.context = context;
        this.tokens = tokens;
    }

    private interface Asking {
        Answer of(MetricsProvider provider) throws InterruptedException;
    }

    @Override
    public Answer ask(String query) throws InterruptedException {
        return answer(provider -> provider.ask(query));
    }

    @Override
    public Optional<Answer> range(String query, Instant from, Instant to, Duration step)
            throws InterruptedException {
        if (!type.abilities().ranges()) {
            return Optional.empty();
        }
        // Whether there is one of this query is for the provider to say.
        Answer answer = answer(provider -> provider.range(query, from, to, step).orElse(NO_RANGE));
        return answer.equals(NO_RANGE) ? Optional.empty() : Optional.of(answer);
    }

    @Override
    public boolean speaksPromQl() {
        return type.setUp().apply(context) instanceof ProviderSetup.Ready(var provider)
                && provider.speaksPromQl();
    }

    @Override
    public Duration late() {
        return type.setUp().apply(context) instanceof ProviderSetup.Ready(var provider)
                ? provider.late()
                : Duration.ZERO;
    }

    @Override
    public Answer available() throws InterruptedException {
        return answer(MetricsProvider::available);
    }

    private Answer answer(Asking asking) throws InterruptedException {
        try {
            var token = tokens.get(context);
            var refused = new AtomicBoolean();
            Answer answer = ask(token, refused, asking);
            if (!refused.get()) {
                return answer;
            }
            tokens.refused(context, token);
            if (token.isNew()) {
                return answer;
            }
            var another = tokens.get(context);
            var again = new AtomicBoolean();
            Answer second = ask(another, again, asking);
            if (again.get()) {
                tokens.refused(context, another);
            }
            return second;
        } catch (NoCredentials none) {
            return new Answer.Unavailable(none.because());
        }
    }

    /**
     * Asks with this token.
     *
     * @param refused becomes true where the server does not know who asks
     */
    private Answer ask(AccessTokens.Token token, AtomicBoolean refused, Asking asking)
            throws InterruptedException {
        var http =
                new NotedHttp(
                        context.http(),
                        reply -> refused.compareAndSet(false, reply.status() == UNAUTHORIZED));
        var settings = context.settings();
        var auth = settings.auth().with(token.text());
        var setup =
                type.setUp()
                        .apply(
                                context.with(settings.as(auth))
                                        .by(new AuthenticatedHttp(http, auth)));
        return switch (setup) {
            case ProviderSetup.Ready(var provider) -> asking.of(provider);
            case ProviderSetup.Wrong(var because) -> new Answer.Misconfigured(because);
        };
    }

    /** The type only. */
    @Override
    public String toString() {
        return "OAuth2Provider[" + type.name() + "]";
    }
}
