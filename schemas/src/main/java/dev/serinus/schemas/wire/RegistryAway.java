package dev.serinus.schemas.wire;

import org.apache.kafka.common.errors.RetriableException;

/**
 * The schema registry did not answer, or not yet as it should: whoever needs a schema that is not
 * known here waits and asks again. Names the registry by its host, never by its credentials.
 */
public final class RegistryAway extends RetriableException {

    public RegistryAway(String message) {
        super(message);
    }
}
