package dev.serinus.broker;

import java.util.Locale;
import java.util.Map;

/**
 * Whose signed tokens a broker with accounts takes besides passwords (SASL, OAUTHBEARER); the
 * subject of a token is who somebody is. Kafka asks for keys at such addresses only as the JVM's
 * property {@code org.apache.kafka.sasl.oauthbearer.allowed.urls} names.
 *
 * @param keys address of the provider's keys (JWKS)
 * @param issuer who has to have made a token
 * @param audience for whom it has to be made
 */
public record BrokerTokens(String keys, String issuer, String audience) {

    static final String MECHANISM = "OAUTHBEARER";
    private static final String PACKAGE = "org.apache.kafka.common.security.oauthbearer.";

    /** What a broker that takes them has besides what one with accounts has. */
    Map<String, String> settings(String listener) {
        String prefix = "listener.name." + listener.toLowerCase(Locale.ROOT) + ".";
        String mechanism = prefix + MECHANISM.toLowerCase(Locale.ROOT) + ".";
        return Map.of(
                "sasl.enabled.mechanisms",
                BrokerAccounts.MECHANISM + "," + MECHANISM,
                mechanism + "sasl.jaas.config",
                PACKAGE + "OAuthBearerLoginModule required;",
                mechanism + "sasl.server.callback.handler.class",
                PACKAGE + "OAuthBearerValidatorCallbackHandler",
                prefix + "sasl.oauthbearer.jwks.endpoint.url",
                keys,
                prefix + "sasl.oauthbearer.expected.issuer",
                issuer,
                prefix + "sasl.oauthbearer.expected.audience",
                audience);
    }
}
