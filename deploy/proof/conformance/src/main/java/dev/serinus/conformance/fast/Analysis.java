package dev.serinus.conformance.fast;

import dev.serinus.analysis.journal.Decision;
import dev.serinus.analysis.journal.StoredRollout;
import dev.serinus.conformance.time.Timeline;
import dev.serinus.schemas.events.Alert;
import dev.serinus.schemas.events.Announcement;
import dev.serinus.schemas.events.MetricQuery;
import dev.serinus.schemas.events.RouterCommand;
import dev.serinus.schemas.events.TimerFired;
import dev.serinus.schemas.events.WebhookCall;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.CanaryKey;

import org.apache.avro.specific.SpecificRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Keeps what the decisions of the analysis service leave, and hands on what follows from them. */
final class Analysis {

    private static final Logger log = LoggerFactory.getLogger(Analysis.class);

    private final Timeline timeline;
    private final Broker broker;
    private final Topics topics;
    private final Map<CanaryKey, StoredRollout> kept = new HashMap<>();
    private final Map<CanaryKey, Instant> due = new HashMap<>();

    Analysis(Timeline timeline, Broker broker, Topics topics) {
        this.timeline = timeline;
        this.broker = broker;
        this.topics = topics;
    }

    /** Takes what is said about the canaries of a cluster from now on. */
    void start(String cluster) {
        broker.subscribe(topics.changes(cluster), this::take);
        broker.subscribe(topics.metricResults(cluster), this::take);
        broker.subscribe(topics.webhookResults(cluster), this::take);
        broker.subscribe(topics.routerResults(cluster), this::take);
    }

    private void take(CanaryKey canary, SpecificRecord input) {
        StoredRollout before = kept.getOrDefault(canary, StoredRollout.nothing(canary));
        Decision decision;
        try {
            decision = Decision.on(before, input, timeline.instant());
        } catch (RuntimeException ours) {
            // The service sets the record aside and goes on; here a mistake is to be found.
            throw new AssertionError("a decision failed: " + ours, ours);
        }
        if (decision.concernsNobody()) {
            return;
        }
        var rollout = decision.after().rollout();
        log.atInfo()
                .addKeyValue("input", input)
                .addKeyValue("phase", rollout.phase().text())
                .addKeyValue("stage", rollout.stage().label())
                .addKeyValue("effects", decision.effects())
                .log("decided");
        if (rollout.gone()) {
            kept.remove(canary);
            due.remove(canary);
        } else {
            kept.put(canary, decision.after());
            rollout.due().ifPresentOrElse(at -> expect(canary, at), () -> due.remove(canary));
        }
        decision.outputs().forEach(record -> handOn(canary, record));
    }

    private void expect(CanaryKey canary, Instant at) {
        if (!at.equals(due.put(canary, at))) {
            timeline.at(at, () -> fire(canary, at));
        }
    }

    private void fire(CanaryKey canary, Instant at) {
        StoredRollout now = kept.get(canary);
        if (now == null || !at.equals(due.get(canary))) {
            return;
        }
        due.remove(canary);
        take(canary, new TimerFired(now.rollout().timerStep(), at));
        due.remove(canary, at);
    }

    private void handOn(CanaryKey canary, SpecificRecord record) {
        String cluster = canary.cluster();
        switch (record) {
            case RouterCommand it -> broker.send(topics.routerCommands(cluster), canary, it);
            case MetricQuery it -> broker.send(topics.metricQueries(cluster), canary, it);
            case WebhookCall it -> broker.send(topics.webhookCalls(cluster), canary, it);
            case Alert it -> broker.send(topics.alerts(cluster), canary, it);
            case Announcement it -> broker.send(topics.announcements(cluster), canary, it);
            default -> {} // the public history: nobody here reads it
        }
    }
}
