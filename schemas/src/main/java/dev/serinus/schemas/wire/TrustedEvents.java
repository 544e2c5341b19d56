package dev.serinus.schemas.wire;

import dev.serinus.schemas.events.StepId;

import org.apache.avro.Conversion;
import org.apache.avro.util.ClassSecurityValidator;

/**
 * Tells Avro that our events may be loaded by name. From 1.12.2 on Avro loads only classes that the
 * process declared as trusted, and even a builder fails on a default of an enum type without it. It
 * converts nothing: being a conversion makes Avro itself load it, before any schema is used,
 * whichever class of ours comes first.
 */
public final class TrustedEvents extends Conversion<TrustedEvents> {

    static {
        String events = StepId.class.getPackageName();
        ClassSecurityValidator.setGlobal(
                ClassSecurityValidator.composite(
                        ClassSecurityValidator.getGlobal(),
                        type -> type.getPackageName().equals(events)));
    }

    @Override
    public Class<TrustedEvents> getConvertedType() {
        return TrustedEvents.class;
    }

    @Override
    public String getLogicalTypeName() {
        return "serinus-trusted-events";
    }
}
