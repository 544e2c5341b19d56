package dev.serinus.router.route;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Ref;

import java.util.List;
import java.util.Optional;

/**
 * Provider {@code kubernetes}: there is nothing but the Services, and live traffic always goes to
 * the primary.
 */
public final class NoRouter implements Router {

    @Override
    public boolean serves(String provider) {
        return provider.equals("kubernetes");
    }

    @Override
    public List<Ref> objects(Canary canary) {
        return List.of();
    }

    @Override
    public List<Change> plan(Routing routing, Live live) {
        return List.of();
    }

    @Override
    public Optional<Split> shown(ClusterObject object) {
        return Optional.empty();
    }

    @Override
    public Optional<Split> current(Canary canary, Live live) {
        return Optional.of(Split.PRIMARY);
    }

    @Override
    public List<Change> restored(Canary canary, Live live) {
        return List.of();
    }
}
