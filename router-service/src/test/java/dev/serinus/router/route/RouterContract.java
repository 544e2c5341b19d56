package dev.serinus.router.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.objects.ManagedBy;
import dev.serinus.router.objects.Refusal;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.CanaryReader;
import dev.serinus.schemas.canary.Reading;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.mesh.Ability;
import dev.serinus.schemas.mesh.Requirement;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** What every router does alike. A router's own shapes are tested beside it. */
public abstract class RouterContract {

    private static final ObjectMapper YAML = new YAMLMapper();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<Ref, ClusterObject> objects = new LinkedHashMap<>();

    /** More fields of spec.service, in YAML. */
    private String service = "";

    /** Of spec.analysis, in YAML. */
    private String strategy = "stepWeight: 10";

    protected abstract Router router();

    /** Of spec, in YAML, what this mesh cannot do without. */
    protected String spec() {
        return "service: {port: 80}";
    }

    /** The user's objects that the router reads, in YAML. */
    protected String read() {
        return "";
    }

    /**
     * Objects by the names of those that the router writes, as a user may have made them, in YAML.
     */
    protected String found() {
        return "";
    }

    /**
     * An object by the name of one that the router writes in which ours would take the place of
     * something else, in YAML; empty where that cannot be.
     */
    protected String unfit() {
        return "";
    }

    /** A change of what the router reads that reaches what it writes. */
    protected void change(Edit read) {
        read.spec("host", JsonNodeFactory.instance.textNode("new.test"));
    }

    private Canary canary() {
        return canary("podinfo", "test");
    }

    private Canary canary(String name, String namespace) {
        try {
            var manifest =
                    (ObjectNode)
                            YAML.readTree(
                                    """
                                    apiVersion: flagger.app/v1beta1
                                    kind: Canary
                                    metadata: {name: %s, namespace: %s, uid: uid-of-%s-%s}
                                    spec:
                                      targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
                                      %s
                                      analysis: {interval: 1m, threshold: 1, %s}
                                    """
                                            .formatted(
                                                    name, namespace, name, namespace, spec(),
                                                    strategy));
            manifest.withObjectProperty("spec")
                    .withObjectProperty("service")
                    .setAll((ObjectNode) YAML.readTree("{" + service + "}"));
            return switch (CanaryReader.read(manifest)) {
                case Reading.Whole<Canary>(var whole) -> whole;
                case Reading.Malformed<Canary>(_, var problems) ->
                        throw new IllegalArgumentException(problems.toString());
            };
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private CanaryRoute route() {
        return new CanaryRoute(router(), canary());
    }

    private void put(String documents) {
        try {
            for (ObjectNode json :
                    YAML.readerFor(ObjectNode.class).<ObjectNode>readValues(documents).readAll()) {
                var ref =
                        kind(json)
                                .named(
                                        json.at("/metadata/namespace").asText(),
                                        json.at("/metadata/name").asText());
                objects.put(ref, new ClusterObject(ref, json));
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private Kind kind(ObjectNode json) {
        var mesh = router().mesh();
        List<Kind> kinds = new ArrayList<>(mesh.reads());
        kinds.addAll(mesh.writes());
        router().routes(canary()).stream().map(Ref::kind).forEach(kinds::add);
        return kinds.stream()
                .filter(
                        kind ->
                                kind.apiVersion().equals(json.path("apiVersion").asText())
                                        && kind.name().equals(json.path("kind").asText()))
                .findFirst()
                .orElseThrow();
    }

    private List<Change> shift(Split split) {
        var changes =
                route().plan(
                                new Routing(canary(), split, 1, "app"),
                                KnownObjects.andGateways(objects));
        changes.forEach(change -> objects.put(change.ref(), ManagedBy.labelled(change.desired())));
        return changes;
    }

    /** Of a Canary with a baseline. */
    private static final List<Split> BESIDE_A_BASELINE =
            List.of(
                    Split.PRIMARY,
                    Split.of(5).beside(Weight.percent(5)),
                    Split.of(50).beside(Weight.percent(25)),
                    Split.of(Weight.nearest(33.33)).beside(Weight.nearest(33.33)),
                    Split.of(Weight.nearest(0.01)).beside(Weight.nearest(0.01)),
                    Split.of(100),
                    Split.PRIMARY);

    private List<Split> splits() {
        List<Split> splits = new ArrayList<>(List.of(Split.PRIMARY));
        if (router().mesh().can(Ability.MIRROR_BEFORE_WEIGHTS)) {
            splits.add(Split.PRIMARY.mirroring(true));
        }
        if (router().mesh().can(Ability.MIRROR_SHARE)) {
            splits.add(Split.PRIMARY.mirroring(true).copying(Weight.percent(30)));
            splits.add(Split.PRIMARY.mirroring(true).copying(Weight.ALL));
        }
        for (int weight : List.of(1, 30, 99, 100, 50, 0)) {
            splits.add(Split.of(weight));
        }
        if (router().mesh().can(Ability.FINE_WEIGHTS)) {
            for (double weight : List.of(0.5, 0.01, 33.33, 99.99, 40.0)) {
                splits.add(Split.of(Weight.nearest(weight)));
            }
        }
        return splits;
    }

    @Test
    void whatItReadsAndWritesIsOfTheKindsThatTheDescriptorLists() {
        var mesh = router().mesh();

        assertThat(router().reads(canary())).extracting(Ref::kind).isSubsetOf(mesh.reads());
        assertThat(router().writes(canary())).extracting(Ref::kind).isSubsetOf(mesh.writes());
        assertThat(router().writes(canary()).stream().map(Ref::kind).distinct())
                .as("a kind that is listed is written")
                .containsExactlyInAnyOrderElementsOf(mesh.writes());
    }

    @Test
    void theRouteAndWhatComesBeforeThePrimaryAreAmongWhatIsWritten() {
        var route = route();

        // One that is made on every mesh is no part of this one.
        assertThat(route.routes())
                .isSubsetOf(router().sharesByPods() ? route.consulted().toList() : route.writes());
        assertThat(!route.routes().isEmpty()).isEqualTo(router().mesh().hasRoutes());
        assertThat(router().beforePrimary(canary())).isSubsetOf(route.writes());
        assertThat(route.reads()).noneMatch(route.writes()::contains);
    }

    @Test
    void itPlansAllThatItWritesAndNothingThatItReads() {
        put(read());

        assertThat(shift(Split.of(30)))
                .extracting(Change::ref)
                .containsExactlyElementsOf(
                        router().sharesByPods() ? route().routes() : route().writes());
    }

    @Test
    void whatIsBeforeThePrimaryIsAsItIsPlannedLater() {
        put(read());
        var routing = new Routing(canary(), Split.PRIMARY, 1, "app");
        var early = route().beforePrimary(routing, objects::get);

        assertThat(route().plan(routing, KnownObjects.andGateways(objects))).containsAll(early);
        assertThat(early)
                .extracting(Change::ref)
                .containsExactlyElementsOf(router().beforePrimary(canary()));
    }

    @Test
    void itShowsEachSplitAndTheSameAgainChangesNothing() {
        put(read());
        for (Split split : splits()) {
            shift(split);

            assertThat(shift(split)).as("%s twice", split).noneMatch(Change::isEffective);
            assertThat(route().current(objects::get))
                    .as("%s", split)
                    .hasValue(router().mesh().hasRoutes() ? split : Split.PRIMARY);
        }
    }

    @Test
    void besideABaselineItShowsEachSplitAndTheSameAgainChangesNothing() {
        assumeThat(router().mesh().can(Ability.BASELINE)).isTrue();
        strategy = "stepWeight: 5, baseline: true";
        put(read());
        for (Split split : BESIDE_A_BASELINE) {
            shift(split);

            assertThat(shift(split)).as("%s twice", split).noneMatch(Change::isEffective);
            assertThat(route().current(objects::get)).as("%s", split).hasValue(split);
        }
        assertThat(objects.keySet()).containsExactlyInAnyOrderElementsOf(route().writes());
    }

    @Test
    void theBaselinesShareCanBeTakenBackWithoutAPlanToo() {
        assumeThat(router().mesh().can(Ability.BASELINE)).isTrue();
        strategy = "stepWeight: 5, baseline: true";
        put(read());
        for (Split split : BESIDE_A_BASELINE) {
            shift(split);

            route().withoutCanary(objects::get)
                    .forEach(change -> objects.put(change.ref(), change.desired()));
            assertThat(route().current(objects::get)).as("from %s", split).hasValue(Split.PRIMARY);
        }
    }

    @Test
    void whereNoBaselineIsAskedForAnyMoreItsShareIsThePrimarys() {
        put(read());
        assumeThat(router().mesh().hasRoutes()).isTrue();
        shift(Split.of(20).beside(Weight.percent(20)));

        assertThat(route().current(objects::get)).hasValue(Split.of(20));
    }

    @Test
    void whereItHasWholePercentsOnlyTheNearestIsWritten() {
        assumeThat(router().mesh().can(Ability.FINE_WEIGHTS)).isFalse();
        assumeThat(router().mesh().hasRoutes()).isTrue();
        put(read());
        shift(Split.of(Weight.nearest(0.4)));
        assertThat(route().current(objects::get)).hasValue(Split.of(1));
        shift(Split.of(Weight.nearest(99.9)));
        assertThat(route().current(objects::get)).hasValue(Split.of(99));
    }

    @Test
    void inAnABTestItTellsWhoMatchesFromEverybody() {
        assumeThat(router().mesh().conditions()).isNotEmpty();
        strategy = "iterations: 2, match: [{headers: {x-canary: {exact: insider}}}]";
        put(read());
        var whoMatches = Split.of(100).matching(true);
        // The last is for a primary that has lost its pods.
        for (Split split :
                List.of(Split.PRIMARY, whoMatches, Split.PRIMARY, whoMatches, Split.of(100))) {
            shift(split);

            assertThat(shift(split)).as("%s twice", split).noneMatch(Change::isEffective);
            assertThat(route().current(objects::get)).as("%s", split).hasValue(split);
        }
    }

    /** By a route without them everybody would be led. */
    @Test
    void withoutConditionsNobodyIsLedToTheCanaryWhoHadToMatch() {
        assumeThat(router().mesh().hasRoutes()).isTrue();
        put(read());
        if (!router().mesh().conditions().isEmpty()) {
            strategy = "iterations: 2, match: [{headers: {x-canary: {exact: insider}}}]";
            shift(Split.of(100).matching(true));
            strategy = "iterations: 2";
        }
        var before = Map.copyOf(objects);
        for (Split split :
                List.of(
                        Split.of(100).matching(true),
                        Split.of(30).matching(true),
                        new Split(Weight.NONE, true, true))) {
            assertThatThrownBy(() -> shift(split))
                    .as("%s", split)
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("everybody would");
        }
        assertThat(objects).isEqualTo(before);
        shift(Split.PRIMARY);
        assertThat(route().current(objects::get)).hasValue(Split.PRIMARY);
    }

    @Test
    void ofConnectionsNobodyIsLedToTheCanaryWhoHadToMatch() {
        assumeThat(router().mesh().can(Ability.TCP) && router().mesh().hasRoutes()).isTrue();
        strategy = "stepWeight: 10, match: [{headers: {x-canary: {exact: insider}}}]";
        service = "appProtocol: TCP";
        put(read());
        assertThatThrownBy(() -> shift(Split.of(30).matching(true)))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("everybody would");
    }

    @Test
    void anABTestGoesOnAsItWasOnceThePrimaryIsBack() {
        assumeThat(router().mesh().conditions()).isNotEmpty();
        strategy = "iterations: 2, match: [{headers: {x-canary: {exact: insider}}}]";
        put(read());
        put(found());
        shift(Split.PRIMARY);
        shift(Split.of(100).matching(true));
        var before = Map.copyOf(objects);

        shift(Split.of(100));
        assertThat(objects).isNotEqualTo(before);
        shift(Split.of(100).matching(true));
        assertThat(objects).isEqualTo(before);
    }

    @Test
    void whereItIsGoesBackToHowItBeganWhenAllIsThePrimarysAgain() {
        put(read());
        shift(Split.PRIMARY);
        var atFirst = Map.copyOf(objects);
        shift(Split.of(40));
        shift(Split.PRIMARY);

        assertThat(objects).isEqualTo(atFirst);
    }

    @Test
    void whateverIsThereCanBeTakenFromTheCanaryWithoutAPlan() {
        put(read());
        put(found());
        for (Split split : splits()) {
            shift(split);
            var before = Map.copyOf(objects);

            route().withoutCanary(objects::get)
                    .forEach(change -> objects.put(change.ref(), change.desired()));
            assertThat(route().current(objects::get)).as("from %s", split).hasValue(Split.PRIMARY);
            // What is planned later is as if it had been planned then.
            shift(Split.PRIMARY);
            var planned = Map.copyOf(objects);
            objects.putAll(before);
            shift(Split.PRIMARY);
            assertThat(objects).isEqualTo(planned);
        }
    }

    @Test
    void inAnABTestTooItCanBeTakenFromTheCanaryWithoutAPlan() {
        assumeThat(router().mesh().conditions()).isNotEmpty();
        strategy = "iterations: 2, match: [{headers: {x-canary: {exact: insider}}}]";
        put(read());
        shift(Split.of(100).matching(true));

        route().withoutCanary(objects::get)
                .forEach(change -> objects.put(change.ref(), change.desired()));
        assertThat(route().current(objects::get)).hasValue(Split.PRIMARY);
    }

    /** Fields of spec.service with a value that makes a difference where one is made. */
    static Stream<Arguments> serviceFields() {
        return Stream.of(
                        "timeout: 7s",
                        "backendTimeout: 7s",
                        "gateways: [edge/other]",
                        "gatewayRefs: [{name: other}]",
                        "hosts: [other]",
                        "delegation: true",
                        "trafficPolicy: {tls: {mode: DISABLE}}",
                        "rewrite: {uri: /other}",
                        "retries: {attempts: 7}",
                        "headers: {request: {add: {x-other: a}}}",
                        "mirror: [{backendRef: {name: other, port: 80}}]",
                        "corsPolicy: {allowOrigin: [other.example.com]}",
                        "meshName: other",
                        "backends: [other.test]",
                        "match: [{uri: {prefix: /other}}]",
                        "match: [{method: {exact: PUT}}]",
                        "match: [{headers: {x-other: {exact: a}}}]",
                        "match: [{queryParams: {other: {exact: a}}}]",
                        "match: [{authority: {exact: other.example.com}}]",
                        "match: [{scheme: {exact: https}}]")
                .map(it -> Arguments.of(it));
    }

    @ParameterizedTest
    @MethodSource("serviceFields")
    void itMakesSomethingOfWhatItsDescriptorSays(String field) {
        put(read());
        boolean delegates = field.startsWith("delegation");
        boolean hasHosts = !delegates && !field.startsWith("hosts");
        String base = hasHosts ? "hosts: [shop.example.com]" : "hosts: [], gateways: []";
        shift(Split.of(30), base);
        var without = Map.copyOf(objects);
        shift(Split.of(30), base + ", " + field);

        var mesh = router().mesh();
        String name = field.substring(0, field.indexOf(':'));
        boolean reads =
                name.equals("match")
                        ? mesh.serviceMatch(field.replaceAll("match: \\[\\{(\\w+):.*", "$1"))
                                .isPresent()
                        : mesh.reads(name);
        assertThat(!objects.equals(without)).as("%s of %s", field, mesh.title()).isEqualTo(reads);
    }

    /** The manifest's service with more fields, in YAML, which take the place of what it has. */
    private void shift(Split split, String fields) {
        service = fields;
        shift(split);
        service = "";
    }

    @Test
    void nothingIsShownWhereNothingIs() {
        assertThat(route().current(objects::get))
                .isEqualTo(
                        router().mesh().hasRoutes()
                                ? Optional.empty()
                                : Optional.of(Split.PRIMARY));
        assertThat(route().accepted(objects::get, new KnownObjects(objects)))
                .isEqualTo(Acceptance.TAKEN);
        assertThat(route().restored(objects::get)).isEmpty();
    }

    @Test
    void whatItMakesIsTheCanarys() {
        if (router().mesh().needs(Requirement.TARGET) || route().isOfTheUser()) {
            return; // what it writes is there before it
        }
        put(read());

        assertThat(shift(Split.PRIMARY))
                .allSatisfy(
                        change -> {
                            assertThat(change.desired().isOwnedBy(canary())).isTrue();
                            assertThat(change.desired().isOwnedByUid("uid-of-podinfo-test"))
                                    .isTrue();
                            assertThat(change.desired().isOwnedBy(canary("other", "test")))
                                    .isFalse();
                        });
        assertThat(route().restored(objects::get)).isEmpty();
    }

    @Test
    void whatIsMissingOfTheUsersIsNamed() {
        for (Ref ref : router().reads(canary())) {
            assertThatThrownBy(() -> shift(Split.PRIMARY))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining(ref.name());
        }
    }

    @Test
    void aChangeOfWhatItReadsReachesWhatItWritesAtThePresentSplit() {
        put(read());
        shift(Split.of(30));
        for (Ref ref : router().reads(canary())) {
            objects.computeIfPresent(ref, (_, object) -> object.edited(this::change));
            assertThat(shift(Split.of(30))).as("a change of %s", ref).anyMatch(Change::isEffective);
            assertThat(route().current(objects::get)).hasValue(Split.of(30));
        }
    }

    @Test
    void whatSomebodyElseMadeIsTakenOverAndGivenBackAsItWas() throws IOException {
        put(read());
        put(found());
        var theirs =
                Map.copyOf(objects).values().stream()
                        .filter(object -> route().writes().contains(object.ref()))
                        .toList();
        for (Split split : splits()) {
            shift(split);
        }
        for (ClusterObject before : theirs) {
            var taken = Objects.requireNonNull(objects.get(before.ref()));
            assertThat(taken.isOwnedBy(canary())).as("%s", taken).isFalse();
            assertThat(taken.labels()).containsAllEntriesOf(before.labels());
            assertThat(taken.annotations()).containsAllEntriesOf(before.annotations());
        }
        // When
        route().restored(objects::get)
                .forEach(change -> objects.put(change.ref(), change.desired()));
        // Then
        for (ClusterObject before : theirs) {
            assertThat(
                            JSON.readTree(
                                    Objects.requireNonNull(objects.get(before.ref()))
                                            .json()
                                            .toString()))
                    .as("%s", before)
                    .isEqualTo(JSON.readTree(before.json().toString()));
        }
    }

    /** A year may pass between both. */
    @Test
    void whatItsUserChangesMeanwhileStaysWhenItIsGivenBack() throws IOException {
        put(read());
        put(found());
        var theirs = found(route().writes());
        shift(Split.of(30));
        var edited = new LinkedHashMap<Ref, ClusterObject>();
        for (ClusterObject before : theirs) {
            objects.computeIfPresent(before.ref(), (_, taken) -> taken.edited(this::ofTheirs));
            edited.put(before.ref(), before.edited(this::ofTheirs));
        }
        for (ClusterObject route : found(route().routes())) {
            objects.put(route.ref(), withABilling(route));
            edited.computeIfPresent(route.ref(), (_, before) -> withABilling(before));
        }
        shift(Split.PRIMARY);
        // When
        giveBack();
        // Then
        for (ClusterObject before : edited.values()) {
            assertThat(tree(objects.get(before.ref()))).as("%s", before).isEqualTo(tree(before));
        }
    }

    /** As who applies the whole of it does. */
    @Test
    void aRouteThatItsUserWritesAnewIsGivenBackAsItWasWritten() throws IOException {
        put(read());
        put(found());
        var theirs = found(route().routes());
        theirs.removeIf(it -> it.isOwnedBy(canary()));
        shift(Split.of(30));
        var written = new LinkedHashMap<Ref, ClusterObject>();
        for (ClusterObject before : theirs) {
            var spec = anew(before.at("/spec"));
            objects.computeIfPresent(
                    before.ref(), (_, taken) -> taken.edited(it -> it.put("spec", spec)));
            written.put(before.ref(), before.edited(it -> it.put("spec", spec)));
        }
        shift(Split.of(30));
        assertThat(shift(Split.of(30))).as("twice").noneMatch(Change::isEffective);
        shift(Split.of(60));
        // When
        giveBack();
        // Then
        for (ClusterObject before : written.values()) {
            assertThat(tree(objects.get(before.ref()))).as("%s", before).isEqualTo(tree(before));
        }
    }

    /** What kubectl keeps on it is on it twice at most, and that once. */
    @Test
    void whatIsTooLargeToBeNotedIsRefusedByName() {
        put(read());
        put(found());
        var theirs = found(route().routes());
        theirs.removeIf(it -> it.isOwnedBy(canary()));
        boolean isSteered = route().isOfTheUser() || router().mesh().needs(Requirement.TARGET);
        assumeThat(theirs.isEmpty() || isSteered).isFalse();
        var large = JsonNodeFactory.instance.textNode("a".repeat(270_000));
        var ref = theirs.getFirst().ref();
        objects.computeIfPresent(ref, (_, route) -> route.edited(it -> it.spec("theirs", large)));

        assertThatThrownBy(() -> shift(Split.PRIMARY))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(ref.dotted())
                .hasMessageContaining("too large");
    }

    private List<ClusterObject> found(List<Ref> refs) {
        return new ArrayList<>(refs.stream().map(objects::get).filter(Objects::nonNull).toList());
    }

    private void giveBack() {
        route().restored(objects::get)
                .forEach(change -> objects.put(change.ref(), change.desired()));
    }

    private static JsonNode tree(@Nullable ClusterObject object) throws IOException {
        return JSON.readTree(Objects.requireNonNull(object).json().toString());
    }

    private void ofTheirs(Edit edit) {
        edit.label(Map.of("owner", "billing"))
                .annotate("example.com/note", "new")
                .spec("theirs", JsonNodeFactory.instance.objectNode().put("field", true));
    }

    /** With a rule more, before all others, where there is one that leads to an admin page. */
    private static ClusterObject withABilling(ClusterObject route) {
        return route.edited(
                edit -> {
                    for (JsonNode field : edit.spec()) {
                        if (field instanceof ArrayNode rules
                                && rules.path(0).toString().contains("admin")) {
                            rules.insert(0, anew(rules.path(0)));
                        }
                    }
                });
    }

    private static JsonNode anew(JsonNode tree) {
        try {
            return JSON.readTree(
                    tree.toString()
                            .replace("admin", "billing")
                            .replace("old-shop", "new-shop")
                            .replace("green", "yellow")
                            .replace("leastRequest", "roundRobin"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Who begins again does not know that it was written already. */
    @Test
    void whatIsGivenBackTwiceIsAsItWasGivenBackOnce() {
        put(read());
        put(found());
        shift(Split.of(30));
        for (ClusterObject taken : found(route().writes())) {
            objects.put(
                    taken.ref(),
                    taken.edited(
                            it ->
                                    it.annotate(
                                            RouteMetadata.KUBECTL_APPLIED,
                                            "{\"spec\": {\"applied\": true}}")));
        }
        shift(Split.PRIMARY);
        giveBack();
        var once = Map.copyOf(objects);
        // When
        giveBack();
        // Then
        assertThat(objects).isEqualTo(once);
        assertThat(found(route().writes()))
                .filteredOn(it -> !it.isOwnedBy(canary()))
                .noneMatch(RouteMetadata::isInHand);
    }

    /** Whether or not its user has told Flux to leave it alone. */
    @Test
    void whatOursWouldTakeThePlaceOfIsRefusedByName() {
        if (unfit().isEmpty()) {
            return;
        }
        assertThat(router().refusesFound()).as("it is looked at first").isTrue();
        put(read());
        put(unfit());
        for (var annotation : List.of("note", "kustomize.toolkit.fluxcd.io/reconcile")) {
            var ref = route().routes().getFirst();
            objects.computeIfPresent(
                    ref, (_, theirs) -> theirs.edited(it -> it.annotate(annotation, "disabled")));

            assertThatThrownBy(() -> shift(Split.PRIMARY))
                    .as("%s", annotation)
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining(ref.dotted());
        }
    }

    /** Its user may have changed it since, and have told Flux to leave it alone. */
    @Test
    void whatWasGivenBackIsLeftAlone() {
        put(read());
        put(found());
        Map.copyOf(objects)
                .forEach(
                        (ref, theirs) ->
                                objects.put(
                                        ref,
                                        theirs.edited(
                                                it ->
                                                        it.annotate(RouteMetadata.FLUX)
                                                                .annotate(
                                                                        RouteMetadata
                                                                                .KUBECTL_APPLIED,
                                                                        "{\"spec\": {}}"))));
        shift(Split.of(30));
        route().restored(objects::get)
                .forEach(change -> objects.put(change.ref(), change.desired()));

        assertThat(route().restored(objects::get)).noneMatch(Change::isEffective);
    }

    @Test
    void aRouteThatStaysLeadsToTheApexAndNotToTheCanarysSides() {
        put(read());
        shift(Split.of(30));
        var target =
                ClusterObject.blank(Kind.DEPLOYMENT.named("test", "podinfo"))
                        .edited(edit -> edit.metadata().put("uid", "uid-of-target"));

        var staying =
                route().left(
                                target,
                                new Routing(canary(), Split.PRIMARY, 0, "app"),
                                objects::get,
                                new KnownObjects(objects));
        assertThat(staying)
                .allSatisfy(
                        change -> {
                            String left = change.desired().at("/spec").toString();
                            assertThat(left).contains("podinfo");
                            for (String side : List.of("podinfo-primary", "podinfo-canary")) {
                                // By these names may go on what stays itself.
                                if (staying.stream()
                                        .noneMatch(it -> it.ref().name().equals(side))) {
                                    assertThat(left).doesNotContain(side);
                                }
                                assertThat(left).doesNotContain(side + ".");
                            }
                            assertThat(router().shown(change.desired())).isEmpty();
                        });
    }

    @Test
    void anObjectOfAnotherKindShowsNothing() {
        assertThat(router().shown(ClusterObject.blank(Kind.SERVICE.named("test", "podinfo"))))
                .isEmpty();
    }
}
