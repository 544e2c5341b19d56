package dev.serinus.installation.pods;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Services log in by tokens that they ask a provider for (OAUTHBEARER, client credentials). */
@Tag("nightly")
class TokensInstallationIT extends SecuredKafkaInstallation {

    /** Kafka's clients and brokers ask at no others. */
    private static final String ALLOWED = "org.apache.kafka.sasl.oauthbearer.allowed.urls";

    private @Nullable TokenServer server;
    private Set<String> accounts = Set.of();

    @Override
    KafkaLogin login(Set<String> accounts, Path certificates) throws Exception {
        Map<String, String> clients = new HashMap<>();
        accounts.forEach(name -> clients.put(name, "token-secret-of-" + name));
        this.accounts = accounts;
        var provider = new TokenServer(clients);
        server = provider;
        // Of the broker in this JVM; the chart tells the pods.
        System.setProperty(ALLOWED, provider.keys());
        return new KafkaLogin.Tokens(KafkaLogin.Passwords.accounts(Set.of()), clients, provider);
    }

    @AfterEach
    void everyAccountHadAToken() {
        System.clearProperty(ALLOWED);
        if (server != null) {
            server.close();
            assertThat(server.asked()).isEqualTo(accounts);
        }
    }
}
