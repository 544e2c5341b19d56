package dev.serinus.router.route.alb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.CanaryRoute;
import dev.serinus.router.route.Copies;
import dev.serinus.router.route.KnownObjects;
import dev.serinus.router.route.Routing;
import dev.serinus.router.route.Split;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.mesh.Alb;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What is special about AWS Load Balancer Controller; shapes are in the golden folders. */
class AlbRouterTest {

    private static final String ACTIONS = Alb.ANNOTATIONS + "actions.";
    private static final String IP = "alb.ingress.kubernetes.io/target-type: ip";
    private static final String DIRECT = "/: podinfo 80";
    private static final String LEGACY =
            "{\"serviceName\": \"legacy\", \"servicePort\": 80, \"weight\": %d}";

    private final Map<Ref, ClusterObject> objects = new HashMap<>();
    private CanaryRoute route = route("{port: 80}");

    private static CanaryRoute route(String service) {
        return new CanaryRoute(new AlbRouter(), canary(service));
    }

    private static Canary canary(String service) {
        return Copies.canary("ingressRef: {kind: Ingress, name: shop}", service, "stepWeight: 10");
    }

    /**
     * @param annotations in YAML
     * @param paths as "PATH: SERVICE PORT"
     */
    private static ClusterObject ingress(String annotations, String... paths) {
        var rules =
                Stream.of(paths)
                        .map(it -> it.split("[: ]+"))
                        .map(
                                it ->
                                        "{path: %s, pathType: Prefix, backend: {service: {name: %s, port: {%s: %s}}}}"
                                                .formatted(
                                                        it[0],
                                                        it[1],
                                                        it[2].matches("\\d+") ? "number" : "name",
                                                        it[2]))
                        .toList();
        return Copies.object(
                """
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata:
                  name: shop
                  namespace: test
                  annotations: {%s}
                spec: {rules: [{http: {paths: %s}}]}
                """
                        .formatted(annotations, rules));
    }

    private static String annotations(String action) {
        return "%s, %spodinfo: '%s'".formatted(IP, ACTIONS, action);
    }

    private static String forward(String... groups) {
        return "{\"type\": \"forward\", \"forwardConfig\": {\"targetGroups\": [%s]}}"
                .formatted(String.join(", ", groups));
    }

    private static String group(String service, int weight) {
        return "{\"serviceName\": \"%s\", \"servicePort\": \"80\", \"weight\": %d}"
                .formatted(service, weight);
    }

    private void put(ClusterObject object) {
        objects.put(object.ref(), object);
    }

    private void edit(Consumer<Edit> edits) {
        put(live().edited(edits));
    }

    private ClusterObject live() {
        return Objects.requireNonNull(objects.get(route.routes().getFirst()));
    }

    private void shift(int weight) {
        route.plan(new Routing(route.canary(), Split.of(weight), 1, "app"), objects::get)
                .forEach(change -> put(change.desired()));
    }

    private void giveBack() {
        route.restored(objects::get).forEach(change -> put(change.desired()));
    }

    private List<String> groups(String action) {
        return groups(live(), action);
    }

    private static List<String> groups(ClusterObject ingress, String action) {
        return ForwardAction.parse(String.valueOf(ingress.annotation(ACTIONS + action)))
                .orElseThrow()
                .groups()
                .valueStream()
                .map(
                        it ->
                                "%s %s"
                                        .formatted(
                                                it.path("serviceName")
                                                        .asText(it.path("targetGroupARN").asText()),
                                                it.path("weight").asText("none")))
                .toList();
    }

    private static String port(ClusterObject ingress, int path) {
        var port = ingress.at("/spec/rules/0/http/paths/" + path + "/backend/service/port");
        return port.path("name").asText(port.path("number").asText());
    }

    private void refused(String because) {
        assertThatThrownBy(() -> KnownObjects.check(route, objects))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(because);
        assertThatThrownBy(() -> shift(10))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(because);
        var before = Map.copyOf(objects);
        shift(0);
        assertThat(objects).isEqualTo(before);
    }

    @Test
    void othersOfAnActionKeepTheirShareAndItsStickinessStays() {
        put(
                ingress(
                        annotations(
                                "{\"Type\": \"forward\", \"ForwardConfig\": {\"TargetGroups\":"
                                    + " [{\"ServiceName\": \"podinfo\", \"ServicePort\": \"80\","
                                    + " \"Weight\": 3, \"x\": 1}, {\"TargetGroupARN\": \"arn:old\","
                                    + " \"Weight\": 1}]}, \"y\": 2}"),
                        "/: podinfo use-annotation"));
        shift(30);

        assertThat(groups("podinfo"))
                .containsExactly("podinfo-primary 70", "podinfo-canary 30", " 33");
        assertThat(live().annotation(ACTIONS + "podinfo"))
                .contains("\"TargetGroupARN\":\"arn:old\"", "\"x\":1", "\"y\":2");
    }

    @Test
    void aCanaryWithoutAShareIsLeftOutWhereClientsStay() {
        String sticky =
                "{\"type\": \"forward\", \"forwardConfig\": {\"targetGroups\": [%s],"
                    + " \"targetGroupStickinessConfig\": {\"Enabled\": true, \"durationSeconds\":"
                    + " 60}}}";
        put(
                ingress(
                        annotations(sticky.formatted(group("podinfo", 1))),
                        "/: podinfo use-annotation"));

        shift(0);
        assertThat(groups("podinfo")).containsExactly("podinfo-primary 100");
        assertThat(route.current(objects::get)).hasValue(Split.PRIMARY);
        shift(40);
        assertThat(groups("podinfo")).containsExactly("podinfo-primary 60", "podinfo-canary 40");
        shift(100);
        assertThat(groups("podinfo"))
                .as("a primary that is named no more would have no pods at first")
                .containsExactly("podinfo-primary 0", "podinfo-canary 100");
        assertThat(route.current(objects::get)).hasValue(Split.of(100));
        route.withoutCanary(objects::get).forEach(change -> put(change.desired()));
        assertThat(groups("podinfo")).containsExactly("podinfo-primary 100");
        giveBack();
        assertThat(live().annotation(ACTIONS + "podinfo"))
                .isEqualTo(sticky.formatted(group("podinfo", 1)));
    }

    @Test
    void everyActionThatForwardsToTheApplicationIsDivided() {
        var theirs =
                ingress(
                        IP
                                + ", %sweb: '%s', %sapi: '%s', %sother: '%s'"
                                        .formatted(
                                                ACTIONS, forward(group("podinfo", 1)),
                                                ACTIONS,
                                                        forward(
                                                                group("podinfo", 1),
                                                                LEGACY.formatted(1)),
                                                ACTIONS, forward(group("other", 1))),
                        "/web: web use-annotation",
                        "/api: api use-annotation",
                        "/other: other use-annotation");
        put(theirs);
        shift(20);

        assertThat(groups("web")).containsExactly("podinfo-primary 80", "podinfo-canary 20");
        assertThat(groups("api"))
                .containsExactly("podinfo-primary 80", "podinfo-canary 20", "legacy 100");
        assertThat(groups("other")).containsExactly("other 1");
        assertThat(live().annotation(ACTIONS + "podinfo")).isNull();
        assertThat(live().at("/spec")).isEqualTo(theirs.at("/spec"));
        assertThat(route.current(objects::get)).hasValue(Split.of(20));
        giveBack();
        assertThat(live()).isEqualTo(theirs);
    }

    /** Given back is what was there, and not what was there months ago. */
    @Test
    void whatItsUserHasChangedSinceStays() {
        put(ingress(IP, DIRECT, "/blog: blog 80"));
        shift(30);
        edit(
                it -> {
                    it.annotate("mine", "yes").label(Map.of("team", "web"));
                    ((ObjectNode) it.spec().at("/rules/0/http/paths/1")).put("path", "/news");
                });
        giveBack();

        assertThat(port(live(), 0)).isEqualTo("80");
        assertThat(live().at("/spec/rules/0/http/paths/1/path").asText()).isEqualTo("/news");
        assertThat(live().annotations())
                .containsOnly(
                        Map.entry("mine", "yes"), Map.entry(Alb.ANNOTATIONS + "target-type", "ip"));
        assertThat(live().labels()).containsEntry("team", "web");
    }

    @Test
    void anActionThatItsUserChangedMeanwhileKeepsTheChange() {
        put(
                ingress(
                        annotations(forward(group("podinfo", 1), LEGACY.formatted(1))),
                        "/: podinfo use-annotation"));
        shift(30);
        edit(
                it ->
                        it.annotate(
                                ACTIONS + "podinfo",
                                String.valueOf(live().annotation(ACTIONS + "podinfo"))
                                        .replace("\"weight\":100", "\"weight\":300")));
        giveBack();

        assertThat(groups("podinfo")).containsExactly("podinfo 100", "legacy 300");
    }

    @Test
    void anActionThatWasMadeHereStaysWhenItsUserHasAddedToIt() {
        put(ingress(IP, DIRECT));
        shift(30);
        edit(
                it ->
                        it.annotate(
                                ACTIONS + "podinfo",
                                forward(
                                        group("podinfo-primary", 70),
                                        group("podinfo-canary", 30),
                                        LEGACY.formatted(50))));
        giveBack();

        assertThat(port(live(), 0)).isEqualTo("use-annotation");
        assertThat(groups("podinfo")).containsExactly("podinfo 100", "legacy 50");
    }

    @Test
    void withoutTheNoteTheApexGetsWhatTheSidesHave() {
        put(ingress(IP, DIRECT));
        shift(30);
        edit(it -> it.withoutAnnotations(key -> key.startsWith("serinus.dev/")));
        giveBack();

        assertThat(groups("podinfo")).containsExactly("podinfo none");
        assertThat(route.restored(objects::get)).isEmpty();
    }

    /** As a GitOps tool does that knows nothing of it. */
    @Test
    void whateverIsPutBackByOthersIsDividedAgain() {
        var theirs = ingress(IP, DIRECT);
        put(theirs);
        shift(30);
        var ours = live();
        for (Consumer<Edit> foreign :
                List.<Consumer<Edit>>of(
                        it -> it.put("spec", theirs.at("/spec")),
                        it -> it.withoutAnnotations((ACTIONS + "podinfo")::equals),
                        it -> it.annotate(ACTIONS + "podinfo", "{\"type\": \"fixed-response\"}"),
                        it -> it.annotate(ACTIONS + "podinfo", "no JSON"),
                        it ->
                                it.annotate(
                                        ACTIONS + "podinfo",
                                        forward(
                                                group("podinfo-primary", 0),
                                                group("podinfo-canary", 100))))) {
            put(ours.edited(foreign));
            assertThat(live()).isNotEqualTo(ours);
            shift(30);

            assertThat(groups("podinfo"))
                    .containsExactly("podinfo-primary 70", "podinfo-canary 30");
            assertThat(port(live(), 0)).isEqualTo("use-annotation");
            giveBack();
            assertThat(live()).isEqualTo(theirs);
        }
        put(theirs);
        shift(30);
        assertThat(live()).isEqualTo(ours);
    }

    @Test
    void theDefaultBackendCountsAndSoDoesAPortByName() {
        put(
                Copies.object(
                        """
                        kind: Ingress
                        metadata:
                          name: shop
                          namespace: test
                          annotations: {alb.ingress.kubernetes.io/target-type: ip}
                        spec: {defaultBackend: {service: {name: podinfo, port: {name: http}}}}
                        """));
        shift(10);

        assertThat(live().at("/spec/defaultBackend/service/port/name").asText())
                .isEqualTo("use-annotation");
        assertThat(live().annotation(ACTIONS + "podinfo")).contains("\"servicePort\":\"http\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/: other 80 | backend podinfo not found in ingress shop",
                "/: podinfo-canary 80 | backend podinfo not found in ingress shop",
                "/: podinfo 9898 | ingress shop.test leads to port 9898 of podinfo",
                "/: podinfo web | ingress shop.test leads to port web of podinfo",
                "/: podinfo use-annotation | uses action podinfo, and annotation"
                        + " alb.ingress.kubernetes.io/actions.podinfo does not forward"
            })
    void anIngressThatDoesNotLeadToTheApplicationIsNamed(String path, String because) {
        route = route("{port: 80, targetPort: 9898}");
        put(ingress(IP, path));

        refused(because);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "podinfo 1, podinfo 1 | has several target groups of podinfo",
                "podinfo 0, legacy 5 | gives podinfo no weight",
                "podinfo 1, legacy 10 | so small a share",
                "podinfo 1, a 1, b 1, c 1, d 1 | would have 6 target groups",
                "legacy 10 | does not forward to that Service"
            })
    void anActionThatCannotBeDividedIsNamed(String groups, String because) {
        put(
                ingress(
                        annotations(
                                forward(
                                        Stream.of(groups.split(", "))
                                                .map(it -> it.split(" "))
                                                .map(it -> group(it[0], Integer.parseInt(it[1])))
                                                .toArray(String[]::new))),
                        "/: podinfo use-annotation"));

        refused(because);
    }

    @Test
    void anActionOfTheApexsNameThatIsSomethingElseIsNotOverwritten() {
        put(ingress(annotations("{\"type\": \"fixed-response\"}"), DIRECT));

        refused("has another action of that name in annotation " + ACTIONS + "podinfo");
    }

    @Test
    void oneActionHasOnePort() {
        put(ingress(IP, DIRECT, "/admin: podinfo http"));

        refused("leads to several ports of podinfo");
    }

    @Test
    void servicesWithoutPortsOnNodesNeedTheAddressesOfPods() {
        for (String annotations :
                List.of("a: b", "alb.ingress.kubernetes.io/target-type: instance")) {
            put(ingress(annotations, DIRECT));
            refused("has no annotation alb.ingress.kubernetes.io/target-type: ip");
        }
        String metadata = "{annotations: {%s}}".formatted(IP);
        route = route("{port: 80, primary: %1$s, canary: %1$s}".formatted(metadata));
        shift(10);
        assertThat(route.current(objects::get)).hasValue(Split.of(10));
    }

    /** Where an action has several target groups the controller does not ask the Service. */
    @Test
    void aServiceThatAsksWhoComesInIsNotPassedOver() {
        String auth = "alb.ingress.kubernetes.io/auth-type: oidc";
        put(ingress(IP, DIRECT));
        put(
                new ClusterObject(
                        Kind.SERVICE.named("test", "podinfo"),
                        Copies.object(
                                        """
                                        kind: Ingress
                                        metadata: {name: podinfo, namespace: test, annotations: {%s}}
                                        """
                                                .formatted(auth))
                                .json()));
        assertThatThrownBy(() -> KnownObjects.check(route, objects))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("what Service podinfo asks of who comes in")
                .hasMessageContaining("alb.ingress.kubernetes.io/auth-type");

        put(ingress(IP + ", " + auth, DIRECT));
        KnownObjects.check(route, objects);

        objects.remove(Kind.SERVICE.named("test", "podinfo"));
        put(ingress(IP, DIRECT));
        route = route("{port: 80, apex: {annotations: {%s}}}".formatted(auth));
        assertThatThrownBy(() -> KnownObjects.check(route, objects)).isInstanceOf(Refusal.class);
    }

    @Test
    void anIngressHasOneCanary() {
        put(ingress(IP, DIRECT, "/cart: cart 80"));
        shift(0);
        var other =
                new CanaryRoute(
                        new AlbRouter(),
                        Copies.canary(
                                "ingressRef: {kind: Ingress, name: shop}",
                                "{port: 80, name: cart}",
                                "stepWeight: 10"));

        assertThatThrownBy(() -> KnownObjects.check(other, objects))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(
                        "ingress shop.test belongs to another Canary already (podinfo)")
                .hasMessageContaining("alb.ingress.kubernetes.io/group.name");
    }

    @Test
    void whatIsNotThereIsNamed() {
        assertThatThrownBy(() -> KnownObjects.check(route, objects))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("ingresses.networking.k8s.io \"shop\" not found");
        shift(0);
        assertThat(objects).isEmpty();
    }

    /** Else a target group would get requests before it has pods. */
    @Test
    void itTurnsToTargetGroupsThatItNamedBefore() {
        var theirs = ingress(IP, DIRECT);
        put(theirs);
        shift(0);
        var ours = live();

        var ahead = theirs.edited(route.naming(theirs, ours).orElseThrow());
        assertThat(groups(ahead, "podinfo"))
                .containsExactly("podinfo 1", "podinfo-primary 0", "podinfo-canary 0");
        assertThat(port(ahead, 0)).isEqualTo("use-annotation");
        var behind = ours.edited(route.naming(ours, theirs).orElseThrow());
        assertThat(groups(behind, "podinfo"))
                .containsExactly("podinfo-primary 100", "podinfo-canary 0", "podinfo 0");
        // What somebody meets who begins again on the way.
        for (ClusterObject way : List.of(ahead, behind)) {
            put(ours.edited(it -> it.annotate(way.annotations())));
            assertThat(route.current(objects::get)).hasValue(Split.PRIMARY);
            shift(0);
            assertThat(live()).isEqualTo(ours);
            put(ours.edited(it -> it.annotate(way.annotations())));
            giveBack();
            assertThat(live()).isEqualTo(theirs);
        }
        put(ours);
        shift(30);
        assertThat(route.naming(ours, live())).isEmpty();
    }

    @Test
    void whatIsAskedForNoMoreIsGivenBackByItsNote() {
        var theirs = ingress(IP, DIRECT);
        put(theirs);
        shift(30);

        assertThat(new AlbRouter().shownBySteered(live())).hasValue(Split.of(30));
        assertThat(new AlbRouter().unsteered(live())).hasValue(theirs);
        assertThat(new AlbRouter().unsteered(theirs)).isEmpty();
        assertThat(new AlbRouter().withdrawn(theirs)).isEmpty();
        assertThat(groups(new AlbRouter().withdrawn(live()).orElseThrow(), "podinfo"))
                .containsExactly("podinfo-primary 100", "podinfo-canary 0");
    }
}
