package dev.serinus.schemas.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchRuntimeException;

import org.apache.kafka.common.errors.RetriableException;
import org.junit.jupiter.api.Test;

import java.net.ConnectException;
import java.net.URI;

class TroubleTest {

    private static final class Ours extends RetriableException {
        Ours(String message) {
            super(message);
        }
    }

    @Test
    void tellsWhatOurExceptionsSayEvenWithoutATrace() {
        // Given
        var ours = new Ours("register it");
        assertThat(ours.getStackTrace()).isEmpty();

        // Then
        assertThat(Trouble.reason(ours)).endsWith(": register it");
    }

    @Test
    void tellsNothingThatALibrarySays() {
        // Given
        RuntimeException foreign =
                catchRuntimeException(() -> URI.create("http://user:secret@a b"));

        // Then
        assertThat(Trouble.reason(foreign)).doesNotContain("secret").contains("TroubleTest.java");
    }

    @Test
    void aNetworkThatDoesNotAnswerPassesHoweverItIsWrapped() {
        assertThat(Trouble.passes(new IllegalStateException(new ConnectException()))).isTrue();
        assertThat(Trouble.passes(new Ours(""))).isTrue();
        assertThat(Trouble.passes(new IllegalStateException("no"))).isFalse();
    }
}
