package dev.serinus.analysis.api;

import dev.serinus.analysis.access.Access;
import dev.serinus.analysis.access.Caller;
import dev.serinus.analysis.access.Rules;
import dev.serinus.analysis.fleet.FleetView;
import dev.serinus.analysis.fleet.HeardClusters;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/** When clusters were last heard of. What is shown of one that is silent is its last word. */
@Controller("/api/v1/clusters")
@Requires(property = "serinus.service", value = "analysis")
@ExecuteOn(TaskExecutors.BLOCKING)
final class ClusterController {

    private final OnRequest onRequest;
    private final FleetView fleet;
    private final Access access;

    ClusterController(OnRequest onRequest, FleetView fleet, Access access) {
        this.onRequest = onRequest;
        this.fleet = fleet;
        this.access = access;
    }

    /** All of them. */
    record ClustersView(List<HeardClusters.State> clusters) {
        ClustersView {
            clusters = List.copyOf(clusters);
        }
    }

    /** Those of which the caller may see a canary, and that give signs of life. */
    @Get
    HttpResponse<String> list(HttpRequest<?> request) {
        Caller caller = Login.caller(request);
        Set<String> seen = fleet.clusters(each -> access.allows(caller, Rules.READ, each.getKey()));
        var after = onRequest.rules().get().silentAfter();
        return Answers.tagged(
                request,
                new ClustersView(
                        fleet.heard().all(Instant.now(), after).stream()
                                .filter(one -> seen.contains(one.cluster()))
                                .toList()));
    }
}
