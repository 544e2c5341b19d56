package dev.serinus.analysis.api;

import dev.serinus.analysis.alert.AlertResults;
import dev.serinus.analysis.alert.AlertResultsInKafka;
import dev.serinus.analysis.audit.AuditTrail;
import dev.serinus.analysis.keptgate.KeptGates;
import dev.serinus.analysis.keptgate.KeptGatesInKafka;
import dev.serinus.analysis.letter.Letters;
import dev.serinus.analysis.letter.LettersInKafka;
import dev.serinus.analysis.past.PastEvents;
import dev.serinus.analysis.past.PastEventsInKafka;
import dev.serinus.analysis.rules.FleetConfig;
import dev.serinus.schemas.manifest.ServiceRules;
import dev.serinus.schemas.runtime.KafkaSettings;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * What is looked up when somebody asks, in Kafka and in the fleet file, and costs nothing while
 * nobody does.
 *
 * @param letters opens the dead letters for one question
 * @param gates that load testers keep
 * @param past what happened longer ago than is in memory
 * @param alerts what became of alerts
 * @param audit what people did; it is also written here
 * @param rules what the installation asks of canaries now
 * @param services what is known of the services' own parts of manifests
 * @param hub how the analysis is now
 */
public record OnRequest(
        Supplier<Letters> letters,
        KeptGates gates,
        PastEvents past,
        AlertResults alerts,
        AuditTrail audit,
        Supplier<FleetConfig> rules,
        ServiceRules services,
        Supplier<HubState> hub) {

    /** Where the services are not on the same class path. */
    public OnRequest(
            Supplier<Letters> letters,
            KeptGates gates,
            PastEvents past,
            AlertResults alerts,
            AuditTrail audit,
            Supplier<FleetConfig> rules) {
        this(
                letters,
                gates,
                past,
                alerts,
                audit,
                rules,
                ServiceRules.UNKNOWN,
                () -> HubState.UNKNOWN);
    }

    /** Longest that a person waits before a page. */
    private static final Duration LONGEST = Duration.ofSeconds(15);

    /** Nothing is there. */
    public static final OnRequest NONE =
            new OnRequest(
                    () -> Letters.NONE,
                    KeptGates.NONE,
                    PastEvents.NONE,
                    AlertResults.NONE,
                    AuditTrail.NONE,
                    () -> FleetConfig.NONE);

    /** What there is on this Kafka, and in the fleet file of the installation. */
    public static OnRequest of(KafkaSettings kafka, AuditTrail audit, Supplier<FleetConfig> rules) {
        return new OnRequest(
                () -> new LettersInKafka(kafka, LONGEST),
                new KeptGatesInKafka(kafka),
                new PastEventsInKafka(kafka),
                new AlertResultsInKafka(kafka),
                audit,
                rules);
    }

    /** The same, where more is known of manifests. */
    public OnRequest with(ServiceRules known) {
        return new OnRequest(letters, gates, past, alerts, audit, rules, known, hub);
    }

    /** The same, where it is known how the analysis is. */
    public OnRequest with(Supplier<HubState> known) {
        return new OnRequest(letters, gates, past, alerts, audit, rules, services, known);
    }
}
