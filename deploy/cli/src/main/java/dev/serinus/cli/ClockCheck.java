package dev.serinus.cli;

import dev.serinus.schemas.shell.ErrorCauses;

import io.fabric8.kubernetes.client.KubernetesClient;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.common.errors.AuthorizationException;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * How far the clocks of others are from that of this machine. Tokens and spans of metrics are about
 * the same moment only while clocks agree.
 */
final class ClockCheck {

    private static final Duration MOST = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String ADVICE =
            "let NTP set the clocks of nodes and of this machine: which of them is wrong cannot be"
                    + " told from here";

    private final Supplier<Instant> clock;

    ClockCheck(Supplier<Instant> clock) {
        this.clock = clock;
    }

    /** By the date of an answer. */
    Finding ofApiServer(KubernetesClient client) throws InterruptedException {
        var http = client.getHttpClient();
        Instant before = clock.get();
        try {
            var answer =
                    http.sendAsync(
                                    http.newHttpRequestBuilder()
                                            .uri(client.getMasterUrl().toString() + "version")
                                            .build(),
                                    String.class)
                            .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return dated(before, answer.headers());
        } catch (ExecutionException | TimeoutException away) {
            return Finding.unknown(
                    "the clock of the API server: " + ErrorCauses.shortest(away), "");
        }
    }

    private Finding dated(Instant before, Map<String, List<String>> headers) {
        String date =
                headers.entrySet().stream()
                        .filter(each -> each.getKey().equalsIgnoreCase("date"))
                        .flatMap(each -> each.getValue().stream())
                        .findFirst()
                        .orElse("");
        try {
            // A date has no fraction of a second.
            Instant theirs =
                    ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant()
                            .plusMillis(500);
            return compared("the API server", before, theirs);
        } catch (DateTimeParseException none) {
            return Finding.unknown("the clock of the API server: its answers have no date", "");
        }
    }

    /** By when the leader of the controllers says that it was last up to date, which is now. */
    Finding ofKafka(Admin admin) throws InterruptedException {
        Instant before = clock.get();
        try {
            var quorum = admin.describeMetadataQuorum().quorumInfo().get();
            OptionalLong theirs =
                    quorum.voters().stream()
                            .filter(voter -> voter.replicaId() == quorum.leaderId())
                            .map(QuorumInfo.ReplicaState::lastCaughtUpTimestamp)
                            .findFirst()
                            .orElse(OptionalLong.empty());
            return theirs.isPresent()
                    ? compared("Kafka", before, Instant.ofEpochMilli(theirs.getAsLong()))
                    : Finding.unknown("the clock of Kafka: its controllers do not tell", "");
        } catch (ExecutionException failed) {
            return Finding.unknown(
                    "the clock of Kafka: " + ErrorCauses.shortest(failed),
                    failed.getCause() instanceof AuthorizationException
                            ? "ask as a principal that may Describe the cluster"
                            : "");
        }
    }

    private Finding compared(String whose, Instant before, Instant theirs) {
        Instant after = clock.get();
        Instant ours = before.plus(Duration.between(before, after).dividedBy(2));
        Duration ahead = Duration.between(ours, theirs);
        if (ahead.abs().compareTo(MOST) <= 0) {
            return Finding.ok("the clock of " + whose + " is that of this machine");
        }
        return Finding.wrong(
                "the clock of %s is %d s %s that of this machine"
                        .formatted(
                                whose,
                                ahead.abs().toSeconds(),
                                ahead.isNegative() ? "behind" : "ahead of"),
                ADVICE);
    }
}
