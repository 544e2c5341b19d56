package dev.serinus.notifier.chat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.URI;

class DiscordTest extends WebNotifierContract {

    @Override
    protected WebNotifier notifier() {
        return new Discord();
    }

    /** The last row is where Flagger adds a second one. */
    @ParameterizedTest
    @CsvSource({
        "http://d.example/one?wait=true, http://d.example/one/slack?wait=true",
        "http://d.example/two/slack, http://d.example/two/slack",
        "http://d.example/two/, http://d.example/two/slack",
        "http://d.example/three/slack?thread_id=1, http://d.example/three/slack?thread_id=1"
    })
    void asksForTheSlackCompatibleEndpointOnce(URI written, URI used) {
        assertThat(new Discord().address(written)).isEqualTo(used);
    }
}
