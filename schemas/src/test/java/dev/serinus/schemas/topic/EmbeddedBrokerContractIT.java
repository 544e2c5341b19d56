package dev.serinus.schemas.topic;

import dev.serinus.broker.EmbeddedBroker;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** The broker of the demo, the all-in-one and the tests. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EmbeddedBrokerContractIT extends BrokerContract {

    @SuppressWarnings("NullAway.Init") // started before all tests
    private EmbeddedBroker broker;

    @BeforeAll
    void start(@TempDir Path data) {
        broker = EmbeddedBroker.start(data, 0);
    }

    @AfterAll
    void stop() {
        broker.close();
    }

    @Override
    String bootstrapServers() {
        return broker.bootstrapServers();
    }
}
