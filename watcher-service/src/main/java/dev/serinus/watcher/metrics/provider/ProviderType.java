package dev.serinus.watcher.metrics.provider;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A kind of metrics provider.
 *
 * @param name the value of spec.provider.type that means it
 * @param setUp makes one of these settings; asks nobody, and what cannot be right is {@link
 *     ProviderSetup.Wrong}. What is to outlast a question, such as an access token, is kept here
 */
public record ProviderType(
        String name, Abilities abilities, Function<ProviderContext, ProviderSetup> setUp) {

    /** A kind that answers for the present and tells nobody which canary asks. */
    public ProviderType(String name, Function<ProviderContext, ProviderSetup> setUp) {
        this(name, Abilities.PLAIN, setUp);
    }

    /** Makes a provider, or says why none can be made. */
    interface Maker {
        MetricsProvider make(ProviderContext context) throws WrongSettings;
    }

    /** A kind whose providers are made anew for each question. */
    static ProviderType of(String name, Maker maker) {
        return new ProviderType(
                name,
                context -> {
                    try {
                        return new ProviderSetup.Ready(maker.make(context));
                    } catch (WrongSettings wrong) {
                        return new ProviderSetup.Wrong(wrong.because());
                    }
                });
    }

    /** The same kind, which tells its server which canary asks. */
    ProviderType tellingTheCanary() {
        return with(
                new Abilities(
                        true,
                        abilities.ranges(),
                        abilities.authorization(),
                        abilities.ownIdentity()));
    }

    /** The same kind, which can be asked for a span of time. */
    ProviderType withRanges() {
        return with(
                new Abilities(
                        abilities.tellsCanary(),
                        true,
                        abilities.authorization(),
                        abilities.ownIdentity()));
    }

    /** The same kind, whose header Authorization is made of these keys of its Secret. */
    ProviderType authorizedBy(String... keys) {
        return with(
                new Abilities(
                        abilities.tellsCanary(),
                        abilities.ranges(),
                        List.of(keys),
                        abilities.ownIdentity()));
    }

    /** The same kind, which is asked as nobody else. */
    ProviderType onlyAs(String identity) {
        return with(
                new Abilities(
                        abilities.tellsCanary(),
                        abilities.ranges(),
                        abilities.authorization(),
                        identity));
    }

    private ProviderType with(Abilities others) {
        return new ProviderType(name, others, setUp);
    }

    /**
     * Makes a provider that asks as whoever the settings say; all that is wrong with them is said
     * at once.
     *
     * @param tokens keeps access tokens from question to question
     */
    ProviderSetup provide(ProviderContext context, AccessTokens tokens) {
        var auth = context.settings().auth();
        if (auth.isNone()) {
            return setUp.apply(context);
        }
        List<String> problems = new ArrayList<>();
        if (abilities.ownIdentity() != null) {
            problems.add(
                    "spec.provider.auth: has no effect, since %s is asked as %s"
                            .formatted(name, abilities.ownIdentity()));
        }
        abilities.authorization().stream()
                .filter(key -> auth.authorizes() && context.settings().credential(key).isPresent())
                .map(
                        ("spec.provider.secretRef: the Secret's %s says who asks, and so does"
                                        + " spec.provider.auth: leave one of them")
                                ::formatted)
                .forEach(problems::add);
        if (auth.namesAuthorities() && context.settings().insecureSkipVerify()) {
            problems.add(
                    "spec.provider.insecureSkipVerify: trusts anybody, and spec.provider.auth.tls"
                            + " says whom to trust by ca.crt: leave it out");
        }
        var setup = setUp.apply(context.by(new AuthenticatedHttp(context.http(), auth)));
        if (setup instanceof ProviderSetup.Wrong(var because)) {
            problems.add(because);
        }
        if (!problems.isEmpty()) {
            return new ProviderSetup.Wrong(String.join("; ", problems));
        }
        return auth.client() == null
                ? setup
                : new ProviderSetup.Ready(new OAuth2Provider(this, context, tokens));
    }
}
