package dev.serinus.schemas.runtime;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.util.function.Predicate;

/** Which records of its topic a loop handles; the others count as read. */
@FunctionalInterface
interface Share<V> {

    /** True for one that is handled here; asked when it is its turn. */
    boolean isOurs(V value, ConsumerRecord<byte[], byte[]> record) throws InterruptedException;

    /** True where there are other loops on this topic. */
    default boolean isPart() {
        return false;
    }

    /**
     * True for one that another loop is known to handle, whether it is its turn or not: it needs no
     * place here. Asks nobody.
     */
    default boolean isOthers(V value, int partition) {
        return false;
    }

    /** True where another loop sets aside what nobody can read. */
    default boolean leavesUnreadable() {
        return false;
    }

    /** The share of the group beside the main one. */
    static <V> Share<V> ofAside(Predicate<V> records) {
        return new Share<>() {
            @Override
            public boolean isOurs(V value, ConsumerRecord<byte[], byte[]> record) {
                return records.test(value);
            }

            @Override
            public boolean isPart() {
                return true;
            }

            @Override
            public boolean isOthers(V value, int partition) {
                return !records.test(value);
            }

            @Override
            public boolean leavesUnreadable() {
                return true;
            }
        };
    }
}
