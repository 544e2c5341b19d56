package dev.serinus.installation.pods;

import org.junit.jupiter.api.Tag;

import java.nio.file.Path;
import java.util.Set;

/** Services log in by passwords over TLS, with an authority of our own. */
@Tag("nightly")
class PasswordsOverTlsInstallationIT extends SecuredKafkaInstallation {

    @Override
    KafkaLogin login(Set<String> accounts, Path certificates) throws Exception {
        return KafkaLogin.PasswordsOverTls.of(accounts, certificates);
    }
}
