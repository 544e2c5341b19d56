package dev.serinus.analysis.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

import dev.serinus.analysis.access.Access;
import dev.serinus.analysis.access.Caller;
import dev.serinus.analysis.access.Rules;
import dev.serinus.analysis.audit.AuditOutcome;
import dev.serinus.schemas.events.AuditEntry;
import dev.serinus.schemas.topic.CanaryKey;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.RequestBean;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What people did and were refused. Everybody sees what he asked himself, and what was asked of
 * canaries that he may see; what is about a whole cluster, or about none, is for those who may see
 * all of it.
 */
@Controller("/api/v1/audit")
@Requires(property = "serinus.service", value = "analysis")
@ExecuteOn(TaskExecutors.BLOCKING)
final class AuditController {

    private static final int PAGE = 100;

    private final OnRequest onRequest;
    private final Asking asking;
    private final Access access;

    AuditController(OnRequest onRequest, Asking asking, Access access) {
        this.onRequest = onRequest;
        this.asking = asking;
        this.access = access;
    }

    /**
     * The latest first, read back from their topic a part at a time: a page may be empty and have
     * others behind it.
     *
     * @param actor only what this one asked
     * @param outcome only what this became of, such as {@code not-allowed}
     */
    @Get
    HttpResponse<String> list(
            HttpRequest<?> request,
            @RequestBean Asked asked,
            @QueryValue @Nullable String actor,
            @QueryValue @Nullable String outcome)
            throws InterruptedException {
        List<String> wrong = new ArrayList<>(asked.mistakes());
        if (outcome != null && AuditOutcome.of(outcome).isEmpty()) {
            wrong.add(
                    "'%s' is no outcome; they are %s"
                            .formatted(outcome, String.join(", ", AuditOutcome.words())));
        }
        Asked.unknown(
                        request,
                        "cluster",
                        "namespace",
                        "name",
                        "actor",
                        "outcome",
                        "since",
                        "limit",
                        "continue")
                .ifPresent(wrong::add);
        if (!wrong.isEmpty()) {
            return Answers.problem(request, HttpStatus.BAD_REQUEST, String.join("; ", wrong));
        }
        Optional<Long> from = Optional.ofNullable(asked.more()).flatMap(Paging::readNumber);
        if (asked.more() != null && from.isEmpty()) {
            return Answers.problem(
                    request,
                    HttpStatus.BAD_REQUEST,
                    "continue must be what the page before answered, was '%s'"
                            .formatted(asked.more()));
        }
        Caller caller = Login.caller(request);
        int most = asked.limit() == null ? PAGE : asked.limit();
        return asking.answer(
                request,
                () -> {
                    var part =
                            onRequest
                                    .audit()
                                    .before(
                                            asked.sinceTime().orElse(null),
                                            from.orElse(null),
                                            most,
                                            entry ->
                                                    isAskedFor(entry, asked)
                                                            && isNullOr(actor, entry.getActor())
                                                            && isNullOr(outcome, entry.getOutcome())
                                                            && maySee(caller, entry));
                    Long earlier = part.earlier();
                    return Answers.tagged(
                            request,
                            new AuditView(
                                    part.entries().size(),
                                    part.entries().reversed().stream().map(EntryView::of).toList(),
                                    earlier == null ? null : Paging.written("" + earlier)));
                });
    }

    private boolean maySee(Caller caller, AuditEntry entry) {
        if (access.hasLogin() && entry.getActor().equals(caller.name())) {
            return true;
        }
        String cluster = entry.getCluster();
        return canary(entry)
                .map(canary -> access.allows(caller, Rules.READ, canary))
                .orElseGet(
                        () ->
                                cluster == null
                                        ? access.allowsEverywhere(caller, Rules.READ)
                                        : access.allowsAll(caller, Rules.READ, cluster));
    }

    private static boolean isAskedFor(AuditEntry entry, Asked asked) {
        if (!asked.isRecent(entry.getAt())) {
            return false;
        }
        return canary(entry)
                .map(asked::covers)
                .orElseGet(
                        () ->
                                asked.namespace() == null
                                        && asked.name() == null
                                        && isNullOr(asked.cluster(), entry.getCluster()));
    }

    private static boolean isNullOr(@Nullable String wanted, @Nullable String found) {
        return wanted == null || wanted.equals(found);
    }

    private static Optional<CanaryKey> canary(AuditEntry entry) {
        return Optional.ofNullable(entry.getCanary()).map(CanaryKey::parse);
    }

    /**
     * Many, the latest first.
     *
     * @param more how to look further back; null where there is nothing
     */
    record AuditView(
            int count,
            List<EntryView> entries,
            @JsonProperty("continue") @JsonInclude(JsonInclude.Include.NON_NULL)
                    @Nullable String more) {
        AuditView {
            entries = List.copyOf(entries);
        }
    }

    /**
     * One.
     *
     * @param actor empty where nobody knows who it was
     * @param cluster null where it was about none, as namespace and name
     * @param target what else it was about; empty for nothing
     * @param reason in the actor's words
     * @param because why it was refused; empty where it was not
     * @param times how many the same it stands for
     */
    record EntryView(
            Instant at,
            String actor,
            String action,
            String outcome,
            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String cluster,
            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String namespace,
            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String name,
            String target,
            String reason,
            String because,
            int times) {

        static EntryView of(AuditEntry entry) {
            var canary = canary(entry);
            return new EntryView(
                    entry.getAt(),
                    entry.getActor(),
                    entry.getAction(),
                    entry.getOutcome(),
                    entry.getCluster(),
                    canary.map(CanaryKey::namespace).orElse(null),
                    canary.map(CanaryKey::name).orElse(null),
                    entry.getTarget(),
                    entry.getReason(),
                    entry.getBecause(),
                    entry.getTimes());
        }
    }
}
