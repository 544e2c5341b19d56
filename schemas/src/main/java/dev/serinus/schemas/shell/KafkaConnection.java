package dev.serinus.schemas.shell;

import dev.serinus.schemas.runtime.KafkaSettings;

import io.micronaut.context.annotation.Factory;

import jakarta.inject.Singleton;

/** Kafka as the environment describes it. */
@Factory
public final class KafkaConnection {

    @Singleton
    KafkaSettings kafka() {
        return KafkaSettings.from(System.getenv());
    }
}
