package dev.serinus.schemas.mesh;

import dev.serinus.schemas.cluster.Kind;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A mesh or an ingress: what it is called, what it reads and writes in the cluster, what it can do.
 *
 * @param title its name in a sentence, such as "Gateway API"
 * @param providers the values of {@code spec.provider} that mean it; the first stands for it
 * @param otherNames what people write for it instead, so that they are told the right word
 * @param reads kinds of objects of the user that are read and never written
 * @param looksAt kinds of objects of others that are looked at before anything is made, and neither
 *     watched nor written
 * @param writes kinds of objects that are made, or taken over and given back
 * @param steers kinds of routes of the user's own, of which nothing but weights is changed ({@code
 *     spec.service.routeRefs})
 * @param conditions what requests can be told apart by, for A/B testing
 * @param serviceMatch what it reads of an entry of {@code service.match}
 * @param serviceFields what it reads of {@code service} besides, of the fields that not every mesh
 *     reads
 * @param retryEvents the words of {@code service.retries.retryOn} that it knows
 * @param builtinQueries behind {@code request-success-rate} and {@code request-duration}
 * @param followsWithin how long its data plane may take at most to follow a route that was written;
 *     no more than the router's patience where it is zero
 * @param isFlaggers false for a mesh that Flagger does not know: it cannot be handed a Canary of it
 * @param isServed false for a mesh that Flagger serves and this version does not
 */
public record Mesh(
        String title,
        List<ProviderName> providers,
        List<String> otherNames,
        List<Kind> reads,
        List<Kind> looksAt,
        List<Kind> writes,
        List<Kind> steers,
        Set<Ability> abilities,
        List<Condition> conditions,
        List<Condition> serviceMatch,
        Set<String> serviceFields,
        RetryEvents retryEvents,
        Set<Requirement> requirements,
        BuiltinQueries builtinQueries,
        Duration followsWithin,
        boolean isFlaggers,
        boolean isServed) {

    public Mesh {
        providers = List.copyOf(providers);
        otherNames = List.copyOf(otherNames);
        reads = List.copyOf(reads);
        looksAt = List.copyOf(looksAt);
        writes = List.copyOf(writes);
        steers = List.copyOf(steers);
        abilities = Collections.unmodifiableSet(abilities);
        conditions = List.copyOf(conditions);
        serviceMatch = List.copyOf(serviceMatch);
        serviceFields = Set.copyOf(serviceFields);
        requirements = Collections.unmodifiableSet(requirements);
    }

    /** The value of {@code spec.provider} that stands for it. */
    public String provider() {
        return providers.getFirst().text();
    }

    public boolean can(Ability ability) {
        return abilities.contains(ability);
    }

    public boolean needs(Requirement requirement) {
        return requirements.contains(requirement);
    }

    /** Names of the kinds that it reads. */
    public List<String> readKinds() {
        return reads.stream().map(Kind::name).toList();
    }

    /** Names of the kinds that it steers. */
    public List<String> steeredKinds() {
        return steers.stream().map(Kind::name).toList();
    }

    /** True when there is a route: without one the apex always leads to the primary. */
    public boolean hasRoutes() {
        return can(Ability.WEIGHTS);
    }

    /** How it routes by a field of {@code analysis.match}; empty when it cannot. */
    public Optional<Condition> condition(String field) {
        return conditions.stream().filter(it -> it.field().equals(field)).findFirst();
    }

    /**
     * How it reads a field of an entry of {@code service.match}; empty when it does not, so that
     * the field changes nothing.
     */
    public Optional<Condition> serviceMatch(String field) {
        return serviceMatch.stream()
                .filter(it -> it.equals(Condition.EVERYTHING) || it.field().equals(field))
                .findFirst();
    }

    /** True when an entry of a match is handed on as it is written, whatever it holds. */
    public boolean handsOnMatches() {
        return serviceMatch.contains(Condition.EVERYTHING);
    }

    /** True when a field of {@code service} changes anything; all read those of the Services. */
    public boolean reads(String serviceField) {
        return serviceFields.contains(serviceField);
    }

    /** Begins a descriptor. */
    static Builder named(String title, ProviderName first, ProviderName... others) {
        return new Builder(title, first, others);
    }

    /** A descriptor in the making: what is not named it does not have. */
    static final class Builder {
        private final String title;
        private final List<ProviderName> providers = new ArrayList<>();
        private List<String> otherNames = List.of();
        private List<Kind> reads = List.of();
        private List<Kind> looksAt = List.of();
        private List<Kind> writes = List.of();
        private List<Kind> steers = List.of();
        private final Set<Ability> abilities = EnumSet.noneOf(Ability.class);
        private List<Condition> conditions = List.of();
        private List<Condition> serviceMatch = List.of();
        private Set<String> serviceFields = Set.of();
        private RetryEvents retryEvents = RetryEvents.ANY;
        private final Set<Requirement> requirements = EnumSet.of(Requirement.SERVICE);
        private BuiltinQueries builtinQueries = BuiltinQueries.HTTP;
        private Duration followsWithin = Duration.ZERO;
        private boolean isFlaggers = true;

        private Builder(String title, ProviderName first, ProviderName... others) {
            this.title = title;
            providers.add(first);
            providers.addAll(List.of(others));
        }

        /** What people write in the place of a provider's name. */
        Builder alsoCalled(String... names) {
            otherNames = List.of(names);
            return this;
        }

        Builder reads(Kind... kinds) {
            reads = List.of(kinds);
            return this;
        }

        Builder looksAt(Kind... kinds) {
            looksAt = List.of(kinds);
            return this;
        }

        Builder writes(Kind... kinds) {
            writes = List.of(kinds);
            return this;
        }

        Builder steers(Kind... kinds) {
            steers = List.of(kinds);
            return this;
        }

        Builder can(Ability... more) {
            abilities.addAll(List.of(more));
            return this;
        }

        Builder routesBy(Condition... kinds) {
            conditions = List.of(kinds);
            return this;
        }

        /** What of an entry of {@code service.match} says where the application is served. */
        Builder servesBy(Condition... kinds) {
            serviceMatch = List.of(kinds);
            return this;
        }

        /** Fields of {@code service} that it makes something of. */
        Builder readsOfService(String... fields) {
            serviceFields = Set.of(fields);
            return this;
        }

        Builder retriesOn(RetryEvents known) {
            retryEvents = known;
            return this;
        }

        Builder needs(Requirement... more) {
            requirements.addAll(List.of(more));
            return this;
        }

        Builder withoutService() {
            requirements.remove(Requirement.SERVICE);
            return this;
        }

        /** By other queries than those of what the application says of itself. */
        Builder measuredBy(BuiltinQueries queries) {
            builtinQueries = queries;
            return this;
        }

        /** Takes that long at most until requests go where a route that was written leads. */
        Builder followsWithin(Duration longest) {
            followsWithin = longest;
            return this;
        }

        /** Of a mesh that Flagger does not know. */
        Builder beyondFlagger() {
            isFlaggers = false;
            return this;
        }

        Mesh served() {
            return made(true);
        }

        /** Of a mesh that is known and yet to be served: admission refuses it. */
        Mesh toCome() {
            return made(false);
        }

        private Mesh made(boolean isServed) {
            return new Mesh(
                    title,
                    providers,
                    otherNames,
                    reads,
                    looksAt,
                    writes,
                    steers,
                    abilities,
                    conditions,
                    serviceMatch,
                    serviceFields,
                    retryEvents,
                    requirements,
                    builtinQueries,
                    followsWithin,
                    isFlaggers,
                    isServed);
        }
    }
}
