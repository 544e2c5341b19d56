package dev.serinus.installation.pods;

import java.nio.file.Path;
import java.util.Set;

/** Services log in by certificates alone, whose subjects are the accounts. */
class CertificatesInstallationIT extends SecuredKafkaInstallation {

    @Override
    KafkaLogin login(Set<String> accounts, Path certificates) throws Exception {
        return KafkaLogin.OwnCertificates.of(accounts, certificates);
    }
}
