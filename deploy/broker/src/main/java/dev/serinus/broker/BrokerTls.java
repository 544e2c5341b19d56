package dev.serinus.broker;

import java.nio.file.Path;
import java.util.Map;

/**
 * The certificate of a broker that speaks TLS, and whom it trusts. Without accounts everybody shows
 * a certificate, and is who it says.
 *
 * @param keyStore PKCS 12: the broker's key and certificate, for 127.0.0.1
 * @param trustStore PKCS 12: the authorities of the certificates that clients show
 * @param password of both, and of the key
 * @param administrator the subject of the broker's own certificate, which may do everything, as in
 *     {@code CN=admin,O=example}
 */
public record BrokerTls(Path keyStore, Path trustStore, String password, String administrator) {

    /** What a broker with this certificate has besides what every one has. */
    Map<String, String> settings() {
        return Map.of(
                "ssl.keystore.type",
                "PKCS12",
                "ssl.keystore.location",
                keyStore.toString(),
                "ssl.keystore.password",
                password,
                "ssl.key.password",
                password,
                "ssl.truststore.type",
                "PKCS12",
                "ssl.truststore.location",
                trustStore.toString(),
                "ssl.truststore.password",
                password);
    }

    /** And where there are no accounts, so that the certificates say who everybody is. */
    Map<String, String> identities() {
        return Map.of(
                "ssl.client.auth",
                "required",
                "listener.security.protocol.map",
                "SSL:SSL,CONTROLLER:SSL",
                "inter.broker.listener.name",
                "SSL",
                "authorizer.class.name",
                BrokerSettings.AUTHORIZER,
                "allow.everyone.if.no.acl.found",
                "false",
                "super.users",
                "User:" + administrator);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "BrokerTls[" + keyStore + "]";
    }
}
