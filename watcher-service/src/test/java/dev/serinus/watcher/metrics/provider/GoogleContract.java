package dev.serinus.watcher.metrics.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a provider promises besides that asks Google with the key of a service account. */
abstract class GoogleContract extends FixedAddressContract {

    final MetricsServer tokens = new MetricsServer();

    @BeforeEach
    void serveTokens() throws IOException {
        tokens.start();
        tokens.answer(200, GoogleTokens.ANSWER);
    }

    @AfterEach
    void stopTokens() {
        tokens.close();
    }

    @Override
    protected String fixed() {
        return "https://monitoring.googleapis.com";
    }

    @Override
    protected String here(String address) {
        return super.here(address)
                .replace(GoogleTokens.ADDRESS, tokens.url())
                .replace(GoogleTokens.METADATA, tokens.url());
    }

    @Override
    protected Map<String, String> credentials() {
        return Map.of("project", "lab-project", "serviceAccountKey", GoogleTokens.KEY);
    }

    @Override
    protected Collection<String> secrets() {
        return List.of(GoogleTokens.KEY);
    }

    @Override
    protected Optional<Map<String, String>> incompleteCredentials() {
        return Optional.of(Map.of("serviceAccountKey", GoogleTokens.key("")));
    }

    @Test
    void itsTokenTravelsAsABearer() throws Exception {
        ask();

        assertThat(server.requests().getFirst().headers())
                .containsEntry("Authorization", List.of("Bearer " + GoogleTokens.TOKEN));
    }

    @Test
    void aTokenThatIsNotTakenAnyMoreIsGotAnew() throws Exception {
        ask();
        ask();
        assertThat(tokens.requests()).hasSize(1);

        server.answer(401, "{}");
        ask();
        server.answer(200, measured(7));

        assertThat(value(ask())).isEqualTo(7);
        assertThat(tokens.requests()).hasSize(2);
    }

    @Test
    void theProjectMustBeKnown() {
        assertThat(wrong(settings(null, Map.of("serviceAccountKey", GoogleTokens.key("")))))
                .isEqualTo(type().name() + " credentials does not contain a project id");
        assertThat(wrong(settings(null, Map.of("other", "x"))))
                .isEqualTo(type().name() + " credentials does not contain a project id");
    }
}
