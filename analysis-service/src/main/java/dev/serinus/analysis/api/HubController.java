package dev.serinus.analysis.api;

import com.fasterxml.jackson.annotation.JsonInclude;

import dev.serinus.analysis.access.Access;
import dev.serinus.analysis.access.Caller;
import dev.serinus.analysis.access.Rules;
import dev.serinus.analysis.fleet.FleetView;
import dev.serinus.analysis.fleet.HeardClusters;
import dev.serinus.schemas.shell.ServiceHealth;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** Whether Serinus itself is well, and how current what it shows is. */
@Controller("/api/v1/hub")
@Requires(property = "serinus.service", value = "analysis")
@ExecuteOn(TaskExecutors.BLOCKING)
final class HubController {

    private final ServiceHealth health;
    private final FleetView fleet;
    private final OnRequest onRequest;
    private final Access access;

    HubController(ServiceHealth health, FleetView fleet, OnRequest onRequest, Access access) {
        this.health = health;
        this.fleet = fleet;
        this.onRequest = onRequest;
        this.access = access;
    }

    /**
     * The instance that answers.
     *
     * @param ready decisions are taken and the fleet is known
     * @param waitsFor what is missing before that, or to other parts of the process; else empty
     * @param clusters of which signs come, or came
     * @param unknownClusters of which it is not known whether they are silent; empty where that is
     *     known of none
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record HubView(
            boolean ready,
            String waitsFor,
            @Nullable Long inputsBehind,
            @Nullable Long viewBehind,
            boolean silenceKnown,
            int clusters,
            List<String> silentClusters,
            List<String> unknownClusters) {

        HubView {
            silentClusters = List.copyOf(silentClusters);
            unknownClusters = List.copyOf(unknownClusters);
        }
    }

    /** Of clusters only those of which the caller may see a canary. */
    @Get
    HttpResponse<String> look(HttpRequest<?> request) {
        Caller caller = Login.caller(request);
        Instant now = Instant.now();
        var after = onRequest.rules().get().silentAfter();
        Set<String> seen = fleet.clusters(each -> access.allows(caller, Rules.READ, each.getKey()));
        var heard =
                fleet.heard().all(now, after).stream()
                        .filter(each -> seen.contains(each.cluster()))
                        .toList();
        boolean known = fleet.heard().silent(now, after).isPresent();
        HubState state = onRequest.hub().get();
        return Answers.tagged(
                request,
                new HubView(
                        state.decides(),
                        waitsFor(state),
                        orNull(state.inputsBehind()),
                        orNull(state.viewBehind()),
                        known,
                        heard.size(),
                        heard.stream()
                                .filter(HeardClusters.State::silent)
                                .map(HeardClusters.State::cluster)
                                .toList(),
                        seen.stream()
                                .filter(each -> known && isUnknown(each, now, after))
                                .sorted()
                                .toList()));
    }

    private boolean isUnknown(String cluster, Instant now, Duration after) {
        return fleet.heard().signs(cluster, now, after) == HeardClusters.Signs.UNKNOWN;
    }

    private String waitsFor(HubState state) {
        if (!state.decides()) {
            return state.waitsFor();
        }
        return health.ready() ? "" : health.missing();
    }

    private static @Nullable Long orNull(OptionalLong number) {
        return number.isPresent() ? number.getAsLong() : null;
    }
}
