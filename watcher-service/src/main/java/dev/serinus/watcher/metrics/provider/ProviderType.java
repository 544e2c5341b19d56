package dev.serinus.watcher.metrics.provider;

import java.util.function.Function;

/**
 * A kind of metrics provider.
 *
 * @param name the value of spec.provider.type that means it
 * @param setUp makes one of these settings; asks nobody, and what cannot be right is {@link
 *     ProviderSetup.Wrong}. What is to outlast a question, such as an access token, is kept here
 */
public record ProviderType(String name, Function<ProviderContext, ProviderSetup> setUp) {

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
}
