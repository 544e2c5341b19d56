package dev.serinus.watcher.metrics.provider;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a provider promises that asks New Relic, by whichever of its two APIs. */
abstract class NewRelicContract extends ProviderContract {

    static final String ACCOUNT = "51312";

    private final String key;
    private final String secret;

    /**
     * By the API that a key asks for.
     *
     * @param key its name in the Secret
     */
    NewRelicContract(String key, String secret) {
        this.key = key;
        this.secret = secret;
    }

    @Override
    protected ProviderType type() {
        return NewRelic.TYPE;
    }

    @Override
    protected Map<String, String> credentials() {
        return Map.of("newrelic_account_id", ACCOUNT, key, secret);
    }

    /** The account's number is part of the question. */
    @Override
    protected Collection<String> secrets() {
        return List.of(secret);
    }

    @Override
    protected Optional<Map<String, String>> incompleteCredentials() {
        return Optional.of(Map.of(key, secret));
    }
}
