package dev.serinus.schemas.topic;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionsTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 12, 100})
    void areThoseOfKafkasProducer(int partitions) {
        for (int i = 0; i < 100; i++) {
            var canary = new CanaryKey("west", "shop-" + i % 7, "cart-" + i);

            assertThat(Partitions.of(canary, partitions))
                    .isEqualTo(
                            BuiltInPartitioner.partitionForKey(
                                    canary.toString().getBytes(UTF_8), partitions));
        }
    }
}
