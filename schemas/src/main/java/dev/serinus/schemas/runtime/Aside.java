package dev.serinus.schemas.runtime;

import java.time.Duration;
import java.util.function.Predicate;

/**
 * Records of a topic that are handled beside all others of it, in a consumer group of their own, so
 * that slow ones keep nobody waiting: each group has its own place in the topic, its own lanes and
 * its own bounds. Each record is handled in one of both, within each in the canary's order.
 *
 * @param group where they are handled
 * @param records which ones
 * @param handler what is done with them there
 * @param ordered for how long what follows one of them waits for it, so that both come in their
 *     order while that is quick; once for all that are late together. Zero for no such wait
 */
public record Aside<V>(
        String group, Predicate<V> records, RecordHandler<V> handler, Duration ordered) {}
