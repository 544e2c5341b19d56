package dev.serinus.demo.traffic;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPBackendRef;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;

import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The split that one HTTPRoute asks for, as the gateway obeys it. */
record Route(String namespace, List<Backend> backends) {

    /** A service and its weight. */
    record Backend(String service, int weight) {}

    Route {
        backends = List.copyOf(backends);
    }

    /** What the route's first rule says; a backend without a weight has 1, as the API says. */
    static Route of(HTTPRoute route) {
        var rules = requireNonNullElse(route.getSpec().getRules(), List.of());
        return new Route(
                route.getMetadata().getNamespace(),
                rules.isEmpty()
                        ? List.of()
                        : ((io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRouteRule)
                                        rules.getFirst())
                                .getBackendRefs().stream().map(Route::backend).toList());
    }

    private static Backend backend(HTTPBackendRef ref) {
        return new Backend(ref.getName(), requireNonNullElse(ref.getWeight(), 1));
    }

    /** One of the services, as often as its weight says; none when all weights are zero. */
    Optional<String> pick(RandomGenerator chance) {
        int total = backends.stream().mapToInt(Backend::weight).sum();
        if (total == 0) {
            return Optional.empty();
        }
        int point = chance.nextInt(total);
        for (Backend backend : backends) {
            point -= backend.weight();
            if (point < 0) {
                return Optional.of(backend.service());
            }
        }
        throw new IllegalStateException("a point below the sum of weights lies in none of them");
    }
}
