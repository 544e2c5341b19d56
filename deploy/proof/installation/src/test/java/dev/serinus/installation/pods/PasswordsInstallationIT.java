package dev.serinus.installation.pods;

import java.nio.file.Path;
import java.util.Set;

/** Services log in by passwords. */
class PasswordsInstallationIT extends SecuredKafkaInstallation {

    @Override
    KafkaLogin login(Set<String> accounts, Path certificates) {
        return new KafkaLogin.Passwords(accounts);
    }
}
