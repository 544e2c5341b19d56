package dev.serinus.watcher.metrics.provider;

import java.util.function.Function;

/**
 * A kind of metrics provider.
 *
 * @param name the value of spec.provider.type that means it
 * @param tellsCanary whether it tells the server which canary asks, so that another that asks the
 *     same may be answered otherwise
 * @param setUp makes one of these settings; asks nobody, and what cannot be right is {@link
 *     ProviderSetup.Wrong}. What is to outlast a question, such as an access token, is kept here
 */
public record ProviderType(
        String name, boolean tellsCanary, Function<ProviderContext, ProviderSetup> setUp) {

    /** A kind that tells nobody which canary asks. */
    public ProviderType(String name, Function<ProviderContext, ProviderSetup> setUp) {
        this(name, false, setUp);
    }

    /** Makes a provider, or says why none can be made. */
    interface Maker {
        MetricsProvider make(ProviderContext context) throws WrongSettings;
    }

    /** A kind whose providers are made anew for each question. */
    static ProviderType of(String name, Maker maker) {
        return of(name, false, maker);
    }

    /** The same of a kind that tells which canary asks. */
    static ProviderType ofCanary(String name, Maker maker) {
        return of(name, true, maker);
    }

    private static ProviderType of(String name, boolean tellsCanary, Maker maker) {
        return new ProviderType(
                name,
                tellsCanary,
                context -> {
                    try {
                        return new ProviderSetup.Ready(maker.make(context));
                    } catch (WrongSettings wrong) {
                        return new ProviderSetup.Wrong(wrong.because());
                    }
                });
    }
}
