package dev.serinus.analysis.api;

import dev.serinus.analysis.access.Access;
import dev.serinus.analysis.access.Caller;
import dev.serinus.analysis.access.Rules;
import dev.serinus.analysis.audit.AuditOutcome;
import dev.serinus.analysis.letter.KeptLetter;
import dev.serinus.analysis.letter.LetterContent;
import dev.serinus.analysis.letter.LetterId;
import dev.serinus.analysis.letter.LetterPlaces;
import dev.serinus.analysis.letter.Letters;
import dev.serinus.analysis.letter.ReplayRule;
import dev.serinus.analysis.lookup.LookupFailed;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.TopicKind;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.RequestBean;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Records that no service could use. Who may see the canary that one is about may see it; what
 * names no canary, or two, is for those alone who may see the whole cluster.
 */
@Controller("/api/v1/dead-letters")
@Requires(property = "serinus.service", value = "analysis")
@ExecuteOn(TaskExecutors.BLOCKING)
final class LetterController {

    private static final int PAGE = 100;
    private static final int BEGINNING = 256;

    /** What an address may be long, which says where a page goes on. */
    private static final int LONGEST_PLACES = 2_500;

    private static final Set<String> FIELDS = Set.of("reason", "dryRun");
    private static final String UNTOLD =
            "not told: its record cannot be read now, and may be about another canary";

    private final OnRequest onRequest;
    private final Asking asking;
    private final Access access;
    private final Audit audit;
    private final Admittance admittance;

    LetterController(
            OnRequest onRequest, Asking asking, Access access, Audit audit, Admittance admittance) {
        this.onRequest = onRequest;
        this.asking = asking;
        this.access = access;
        this.audit = audit;
        this.admittance = admittance;
    }

    /**
     * Those that the caller may see, the latest first.
     *
     * @param topic only what lay on topics whose names end so, such as {@code changes}
     */
    @Get
    HttpResponse<String> list(
            HttpRequest<?> request, @RequestBean Asked asked, @QueryValue @Nullable String topic)
            throws InterruptedException {
        List<String> wrong =
                Stream.concat(asked.mistakes().stream(), mistake(topic).stream()).toList();
        if (!wrong.isEmpty()) {
            return Answers.problem(request, HttpStatus.BAD_REQUEST, String.join("; ", wrong));
        }
        Optional<LetterPlaces> from = asked.after().flatMap(LetterPlaces::read);
        if (asked.after().isPresent() && from.isEmpty()) {
            return Answers.problem(
                    request,
                    HttpStatus.BAD_REQUEST,
                    "continue must be what the page before answered, was '%s'"
                            .formatted(asked.more()));
        }
        int limit = asked.limit() == null ? PAGE : asked.limit();
        Caller caller = Login.caller(request);
        return asking.answer(
                request,
                () -> {
                    try (var letters = onRequest.letters().get()) {
                        return page(
                                request, letters, caller, asked, topic, from.orElse(null), limit);
                    }
                });
    }

    private HttpResponse<String> page(
            HttpRequest<?> request,
            Letters letters,
            Caller caller,
            Asked asked,
            @Nullable String topic,
            @Nullable LetterPlaces from,
            int limit) {
        var look =
                letters.back(
                        cluster ->
                                (asked.cluster() == null || asked.cluster().equals(cluster))
                                        && access.allowsSome(caller, Rules.READ, cluster),
                        asked.sinceTime().orElse(null),
                        from,
                        limit,
                        kept ->
                                isAskedFor(kept, asked, topic)
                                                && may(letters, caller, Rules.READ, kept)
                                        ? Optional.of(view(letters, caller, kept))
                                        : Optional.empty());
        LetterPlaces places = look.next();
        String next = places == null ? null : places.written();
        boolean tooLong = next != null && next.length() > LONGEST_PLACES;
        return Answers.tagged(
                request,
                new LetterViews.LettersView(
                        look.found().size(),
                        look.found(),
                        look.whole() && !tooLong,
                        look.lookedBackTo(),
                        next == null || tooLong ? null : Paging.written(next)));
    }

    /** All of one. */
    @Get("/{cluster}/{partition}/{offset}")
    HttpResponse<String> one(
            HttpRequest<?> request, String cluster, String partition, String offset)
            throws InterruptedException {
        var id = LetterId.parse(cluster + "/" + partition + "/" + offset);
        if (id.isEmpty()) {
            return unknown(request);
        }
        Caller caller = Login.caller(request);
        return asking.answer(
                request,
                () -> {
                    try (var letters = onRequest.letters().get()) {
                        return letters.find(id.get())
                                .filter(kept -> may(letters, caller, Rules.READ, kept))
                                .<HttpResponse<String>>map(
                                        kept ->
                                                Answers.tagged(
                                                        request, detail(letters, caller, kept)))
                                .orElseGet(() -> unknown(request));
                    }
                });
    }

    private LetterViews.LetterDetail detail(Letters letters, Caller caller, KeptLetter kept) {
        LetterContent content = letters.content(kept);
        byte[] value = kept.value();
        boolean replays = access.takesActions() && may(letters, caller, Rules.REPLAY, kept);
        boolean all = access.allowsAll(caller, Rules.READ, kept.id().cluster());
        // Records of topics within: nobody but their services reads these at Kafka.
        boolean told = access.takesActions();
        boolean bytes = told && all && content instanceof LetterContent.Unreadable && value != null;
        return new LetterViews.LetterDetail(
                view(letters, caller, kept),
                told && content instanceof LetterContent.Decoded(var json, _) ? json : null,
                bytes && value != null
                        ? HexFormat.of().formatHex(value, 0, Math.min(value.length, BEGINNING))
                        : null,
                told || value == null
                        ? unreadable(content, all)
                        : "where nobody has to log in, what lay in it is told to nobody",
                refusal(letters, kept, replays),
                replays ? List.of(Rules.REPLAY) : List.of());
    }

    /** Why it cannot be read, which may quote it; empty where it can. */
    private static String unreadable(LetterContent content, boolean all) {
        return content instanceof LetterContent.Unreadable(var type, var because)
                ? type + (because.isEmpty() || !all ? "" : ": " + because)
                : "";
    }

    /**
     * Why it may not be put on its topic once more; empty where it may. To say so can take a look
     * through all that came later, and the letter is shown without it, too.
     */
    private static String refusal(Letters letters, KeptLetter kept, boolean asked) {
        try {
            return ReplayRule.refusal(
                            kept,
                            () -> {
                                if (!asked) {
                                    throw new LookupFailed("only who may replay it is told");
                                }
                                return letters.isNewest(kept);
                            },
                            Instant.now())
                    .orElse("");
        } catch (LookupFailed unknown) {
            return "whether later records told of the same canary is not known: "
                    + unknown.getMessage();
        }
    }

    /** Puts its record on its topic once more, where that can do no harm. */
    @Post("/{cluster}/{partition}/{offset}/replay")
    @Consumes(MediaType.APPLICATION_JSON)
    HttpResponse<String> replay(
            HttpRequest<?> request,
            String cluster,
            String partition,
            String offset,
            @Body String json)
            throws InterruptedException {
        Caller caller = Login.caller(request);
        var refusal = admittance.refusal(request, caller);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        var fields = new BodyFields(json, FIELDS);
        String reason = fields.reason();
        boolean dryRun = fields.flag("dryRun", false);
        var mistakes = fields.refusal(request);
        if (mistakes.isPresent()) {
            return mistakes.get();
        }
        var id = LetterId.parse(cluster + "/" + partition + "/" + offset);
        return id.isEmpty()
                ? unknown(request)
                : asking.act(
                        request,
                        () -> {
                            try (var letters = onRequest.letters().get()) {
                                return replay(request, letters, caller, id.get(), reason, dryRun);
                            }
                        });
    }

    private HttpResponse<String> replay(
            HttpRequest<?> request,
            Letters letters,
            Caller caller,
            LetterId id,
            String reason,
            boolean dryRun)
            throws InterruptedException {
        KeptLetter kept = letters.find(id).orElse(null);
        if (kept == null || !may(letters, caller, Rules.READ, kept)) {
            // What is not there is audited as well: by their own audit callers would find out
            // which of those that they may not see are. Who may see them all learns no more.
            if (!access.allowsAll(caller, Rules.READ, id.cluster())) {
                audit.mayNotReplay(caller.name(), id.cluster(), id.toString());
            }
            return unknown(request);
        }
        if (!may(letters, caller, Rules.REPLAY, kept)) {
            audit.mayNotReplay(caller.name(), id.cluster(), id.toString());
            return Answers.problem(
                    request,
                    HttpStatus.FORBIDDEN,
                    "no rule lets %s replay the dead letter %s".formatted(caller.name(), id));
        }
        var refusal = ReplayRule.refusal(kept, () -> letters.isNewest(kept), Instant.now());
        if (refusal.isPresent()) {
            audit(letters, caller, kept, reason, AuditOutcome.REFUSED.word(), refusal.get());
            return Answers.problem(request, HttpStatus.CONFLICT, refusal.get());
        }
        String topic = KeptLetter.printable(kept.letter().getTopic());
        if (dryRun) {
            return Answers.json(
                    HttpStatus.OK,
                    new LetterViews.ReplayView(
                            id.toString(), "dry-run", "it would be put on " + topic));
        }
        try {
            letters.replay(kept);
        } catch (LookupFailed away) {
            audit(
                    letters,
                    caller,
                    kept,
                    reason,
                    AuditOutcome.UNSENT.word(),
                    String.valueOf(away.getMessage()));
            throw away;
        }
        audit(letters, caller, kept, reason, AuditOutcome.DONE.word(), "");
        return Answers.json(
                HttpStatus.OK,
                new LetterViews.ReplayView(id.toString(), "done", "it was put on " + topic));
    }

    /** Under the canary's name only where it is about nobody else. */
    private void audit(
            Letters letters,
            Caller caller,
            KeptLetter kept,
            String reason,
            String became,
            String words) {
        audit.replayed(
                caller.name(),
                kept.id().cluster(),
                kept.id().toString(),
                kept.canary()
                        .filter(canary -> isAboutNobodyElse(letters.content(kept), canary, false))
                        .orElse(null),
                reason,
                became,
                words);
    }

    /** Who may do so with the whole cluster, or with the one canary that it is about. */
    private boolean may(Letters letters, Caller caller, String verb, KeptLetter kept) {
        return access.allowsAll(caller, verb, kept.id().cluster())
                || kept.canary()
                        .filter(canary -> access.allows(caller, verb, canary))
                        .filter(
                                canary ->
                                        isAboutNobodyElse(
                                                letters.content(kept),
                                                canary,
                                                verb.equals(Rules.READ)))
                        .isPresent();
    }

    /**
     * One that tells of another canary than its key was set aside for that.
     *
     * @param byKey what nobody can read is taken for what its key says: enough to say that it is
     *     there, and not to write it somewhere
     */
    private static boolean isAboutNobodyElse(
            LetterContent content, CanaryKey canary, boolean byKey) {
        return switch (content) {
            case LetterContent.Decoded(_, var named) -> canary.toString().equals(named);
            case LetterContent.Unreadable _ -> byKey;
            case LetterContent.Empty _ -> true;
        };
    }

    /** Why it was set aside may quote what lay in it, of which nobody knows whom it tells of. */
    private LetterViews.LetterView view(Letters letters, Caller caller, KeptLetter kept) {
        boolean told =
                access.allowsAll(caller, Rules.READ, kept.id().cluster())
                        || !(letters.content(kept) instanceof LetterContent.Unreadable);
        return LetterViews.LetterView.of(kept, told ? kept.reason() : UNTOLD);
    }

    private static boolean isAskedFor(KeptLetter kept, Asked asked, @Nullable String topic) {
        boolean named = asked.namespace() == null && asked.name() == null;
        return (named || kept.canary().filter(asked::covers).isPresent())
                && (topic == null
                        || kept.kind().map(kind -> kind.suffix().equals(topic)).orElse(false))
                && asked.isRecent(kept.letter().getAt());
    }

    private static Optional<String> mistake(@Nullable String topic) {
        List<String> known =
                Stream.of(TopicKind.values())
                        .filter(kind -> !kind.isOfHub())
                        .map(TopicKind::suffix)
                        .toList();
        return topic == null || known.contains(topic)
                ? Optional.empty()
                : Optional.of("'%s' is no topic of a cluster; they are %s".formatted(topic, known));
    }

    private static HttpResponse<String> unknown(HttpRequest<?> request) {
        return Answers.problem(
                request, HttpStatus.NOT_FOUND, "there is no such letter, or it is kept no longer");
    }
}
