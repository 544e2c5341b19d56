package dev.serinus.schemas.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VersionTest {

    @Test
    void theBuildWroteItDown() {
        assertThat(Version.current().version()).matches("\\d+\\.\\d+\\.\\d+.*");
        assertThat(Version.current().commit()).matches("|[0-9a-f]{12}");
    }

    @Test
    void theCommitIsToldWhereItIsKnown() {
        assertThat(new Version("1.2.3", "0123456789ab", false).line())
                .isEqualTo("Serinus 1.2.3 (commit 0123456789ab)");
        assertThat(new Version("1.2.3", "0123456789ab", true).line()).endsWith(", modified)");
        assertThat(new Version("1.2.3", "", false).line()).isEqualTo("Serinus 1.2.3");
    }
}
