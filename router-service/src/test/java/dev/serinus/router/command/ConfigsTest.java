package dev.serinus.router.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.serinus.router.PretendCluster;
import dev.serinus.router.objects.Edit;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.Revision;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.config.ConfigTracking;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.events.RouterResult;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.Objects;

/** What a primary reads is what was analysed, whoever else reads the same configs. */
class ConfigsTest {

    private final PretendCluster cluster = new PretendCluster();

    @AfterEach
    void close() {
        cluster.close();
    }

    private static void color(Edit config, String color) {
        config.put("data", JsonNodeFactory.instance.objectNode().put("color", color));
    }

    /** A workload that mounts ConfigMap cm, which there is. */
    private void mounting(String reference) {
        cluster.create(
                """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: cm}
                data: {color: blue}
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: podinfo}
                spec:
                  replicas: 1
                  selector: {matchLabels: {app: podinfo}}
                  template:
                    metadata: {labels: {app: podinfo}}
                    spec:
                      containers: [{name: web, image: "podinfo:1"}]
                      volumes: [%s]
                """
                        .formatted(reference));
        cluster.apply("istio-canary.yaml");
    }

    private void running() {
        cluster.initialize(1);
        cluster.serve("podinfo-primary");
        cluster.serve("podinfo");
        cluster.takeOver(2);
        cluster.release("podinfo:2");
        cluster.scale(3, true);
        cluster.serve("podinfo");
    }

    /** What a run says that was analysed, as the watcher told it. */
    private static Map<String, String> analysed(String color) {
        return Map.of(
                "configmap/cm",
                ConfigTracking.checksum(JsonNodeFactory.instance.objectNode().put("color", color)));
    }

    private RouterResult promote(long step, Map<String, String> analysed) {
        String revision = Revision.of(cluster.get(Kind.DEPLOYMENT, "podinfo").at("/spec/template"));
        return cluster.send(
                cluster.command(RouterAction.PROMOTE, step)
                        .setRevision(revision)
                        .setConfigs(analysed));
    }

    private String primaryImage() {
        return cluster.get(Kind.DEPLOYMENT, "podinfo-primary")
                .at("/spec/template/spec/containers/0/image")
                .asText();
    }

    private String copied(Kind kind, String name) {
        return cluster.get(kind, name).at("/data/color").asText();
    }

    @Test
    void aConfigThatWasEditedSinceItWasAnalysedIsNotPromoted() {
        // Given
        mounting("{name: c, configMap: {name: cm}}");
        running();
        cluster.edit(Kind.CONFIG_MAP, "cm", it -> color(it, "red"));
        int writes = cluster.writes();
        // When
        var result = promote(4, analysed("blue"));
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.CHANGED);
        assertThat(result.getBecause())
                .isEqualTo("configmap cm.test was edited since its target was analysed");
        assertThat(cluster.writes()).isEqualTo(writes);
        assertThat(copied(Kind.CONFIG_MAP, "cm-primary")).isEqualTo("blue");
        assertThat(primaryImage()).isEqualTo("podinfo:1");
        // And once it was analysed
        assertThat(promote(5, analysed("red")).getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(copied(Kind.CONFIG_MAP, "cm-primary")).isEqualTo("red");
        assertThat(primaryImage()).isEqualTo("podinfo:2");
    }

    @Test
    void anOptionalConfigThatWasMadeSinceIsNotPromoted() {
        // Given
        mounting("{name: c, configMap: {name: later, optional: true}}");
        running();
        cluster.create(
                """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: later}
                data: {color: red}
                """);
        // When
        var result = promote(4, Map.of());
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.CHANGED);
        assertThat(result.getBecause())
                .isEqualTo("configmap later.test was made since its target was analysed");
        assertThat(primaryImage()).isEqualTo("podinfo:1");
    }

    @Test
    void aSecretThatWasEditedSinceIsNotPromotedNorTold() {
        // Given
        mounting("{name: s, secret: {secretName: key}}");
        cluster.create(
                """
                apiVersion: v1
                kind: Secret
                metadata: {name: key}
                data: {color: Ymx1ZQ==}
                """);
        running();
        var before =
                Map.of(
                        "secret/key",
                        ConfigTracking.checksum(cluster.get(Kind.SECRET, "key").at("/data")));
        cluster.edit(Kind.SECRET, "key", it -> color(it, "cmVk"));
        // When
        var result = promote(4, before);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.CHANGED);
        assertThat(result.getBecause())
                .contains("secret key.test was edited")
                .doesNotContain("cmVk");
        assertThat(copied(Kind.SECRET, "key-primary")).isEqualTo("Ymx1ZQ==");
    }

    @Test
    void whatIsGoneSinceOrNotTrackedIsNoEdit() {
        // Given
        mounting("{name: c, configMap: {name: cm, optional: true}}");
        running();
        cluster.edit(
                Kind.CONFIG_MAP,
                "cm",
                it -> {
                    color(it, "red");
                    it.annotate("flagger.app/config-tracking", "disabled");
                });
        // When, then
        assertThat(promote(4, analysed("blue")).getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(mounted()).isEqualTo("cm");
        cluster.objects().delete(cluster.ref(Kind.CONFIG_MAP, "cm"));
        assertThat(promote(5, analysed("blue")).getOutcome()).isEqualTo(RouterOutcome.DONE);
    }

    @Test
    void anEditAfterTheCopiesWereWrittenLeavesThePrimaryAsItRuns() {
        // Given: the copies are written, the primary is not
        mounting("{name: c, configMap: {name: cm}}");
        running();
        cluster.edit(Kind.CONFIG_MAP, "cm", it -> color(it, "red"));
        cluster.interfere(
                "podinfo-primary",
                () -> {
                    cluster.edit(
                            Kind.DEPLOYMENT,
                            "podinfo-primary",
                            it -> it.spec().put("minReadySeconds", 1));
                    cluster.edit(Kind.CONFIG_MAP, "cm", it -> color(it, "green"));
                });
        // When: the write of the primary is tried again
        var result = promote(4, analysed("red"));
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.CHANGED);
        assertThat(primaryImage()).isEqualTo("podinfo:1");
        assertThat(copied(Kind.CONFIG_MAP, "cm-primary")).as("was analysed").isEqualTo("red");
        // And with the next step
        assertThat(promote(5, analysed("green")).getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(copied(Kind.CONFIG_MAP, "cm-primary")).isEqualTo("green");
    }

    @Test
    void anEditAfterThePrimaryWasWrittenIsOfTheNextRun() {
        // Given
        mounting("{name: c, configMap: {name: cm}}");
        running();
        assertThat(promote(4, analysed("blue")).getOutcome()).isEqualTo(RouterOutcome.DONE);
        cluster.edit(Kind.CONFIG_MAP, "cm", it -> color(it, "red"));
        // When: the answer was lost
        var again = promote(4, analysed("blue"));
        // Then
        assertThat(again.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(again.getWrites()).isZero();
        assertThat(copied(Kind.CONFIG_MAP, "cm-primary")).isEqualTo("blue");
    }

    private String mounted() {
        return cluster.get(Kind.DEPLOYMENT, "podinfo-primary")
                .at("/spec/template/spec/volumes/0/configMap/name")
                .asText();
    }

    /** Another Canary's copy of the same config, by Flagger's name. */
    private void neighboursCopy() {
        cluster.create(
                """
                apiVersion: v1
                kind: ConfigMap
                metadata:
                  name: cm-primary
                  ownerReferences: [{apiVersion: flagger.app/v1beta1, kind: Canary, name: beta, uid: b, controller: true}]
                data: {color: green}
                """);
    }

    @Test
    void aConfigOfSeveralCanariesIsCopiedForEachPrimary() {
        // Given
        mounting("{name: c, configMap: {name: cm}}");
        neighboursCopy();
        // When
        cluster.initialize(1);
        // Then
        assertThat(mounted()).isEqualTo("cm-podinfo-primary");
        assertThat(cluster.get(Kind.CONFIG_MAP, "cm-podinfo-primary").at("/data/color").asText())
                .isEqualTo("blue");
        assertThat(cluster.get(Kind.CONFIG_MAP, "cm-primary").at("/data/color").asText())
                .isEqualTo("green");
    }

    @Test
    void aCopyThatWasSharedIsLeftToTheOthersByTheNextPromotion() {
        // Given: as an earlier release or Flagger made it
        mounting("{name: c, configMap: {name: cm}}");
        running();
        cluster.edit(
                Kind.CONFIG_MAP,
                "cm-primary",
                it ->
                        it.metadata()
                                .withArrayProperty("ownerReferences")
                                .addObject()
                                .put("apiVersion", "flagger.app/v1beta1")
                                .put("kind", "Canary")
                                .put("name", "beta")
                                .put("uid", "b"));
        cluster.edit(Kind.CONFIG_MAP, "cm", it -> color(it, "red"));
        // When
        cluster.promote(4);
        // Then
        assertThat(mounted()).isEqualTo("cm-podinfo-primary");
        assertThat(cluster.get(Kind.CONFIG_MAP, "cm-primary").at("/data/color").asText())
                .isEqualTo("blue");
    }

    @Test
    void aUsersConfigByTheNameOfACopyIsNotOverwritten() {
        // Given
        mounting("{name: c, configMap: {name: cm}}");
        cluster.create(
                """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: cm-primary}
                data: {color: mine}
                """);
        // When
        cluster.initialize(1);
        // Then
        assertThat(mounted()).isEqualTo("cm-podinfo-primary");
        assertThat(cluster.get(Kind.CONFIG_MAP, "cm-primary").at("/data/color").asText())
                .isEqualTo("mine");
    }

    @Test
    void anOptionalConfigThatIsGoneIsEmptyForThePrimaryAndNotTheLiveOne() {
        // Given
        mounting("{name: c, configMap: {name: cm, optional: true}}");
        running();
        cluster.objects().delete(cluster.ref(Kind.CONFIG_MAP, "cm"));
        // When
        var result = cluster.promote(4);
        // Then
        assertThat(result.getBecause()).isEmpty();
        assertThat(mounted()).isEqualTo("cm-primary");
        assertThat(cluster.get(Kind.CONFIG_MAP, "cm-primary").at("/data").isMissingNode()).isTrue();
    }

    /** Whether the pods that were analysed had it nobody knows: it has no content to compare. */
    @Test
    void anOptionalConfigThatIsGoneSinceItWasAnalysedIsEmptyForThePrimary() {
        // Given
        mounting("{name: c, configMap: {name: cm, optional: true}}");
        running();
        cluster.objects().delete(cluster.ref(Kind.CONFIG_MAP, "cm"));
        // When
        var result = promote(4, analysed("blue"));
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(cluster.get(Kind.CONFIG_MAP, "cm-primary").at("/data").isMissingNode()).isTrue();
    }

    @Test
    void aRequiredConfigThatIsGoneSinceItWasAnalysedEndsThePromotion() {
        // Given
        mounting("{name: c, configMap: {name: cm}}");
        running();
        cluster.objects().delete(cluster.ref(Kind.CONFIG_MAP, "cm"));
        int writes = cluster.writes();
        // When
        var result = promote(4, analysed("blue"));
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.INVALID);
        assertThat(cluster.writes()).isEqualTo(writes);
    }

    @Test
    void aRequiredConfigThatIsGoneEndsThePromotion() {
        // Given
        mounting("{name: c, configMap: {name: cm}}");
        running();
        cluster.objects().delete(cluster.ref(Kind.CONFIG_MAP, "cm"));
        int writes = cluster.writes();
        // When
        var result = cluster.promote(4);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.INVALID);
        assertThat(result.getBecause())
                .startsWith(
                        "configmap cm.test is missing, and the pods of deployment podinfo.test"
                                + " cannot do without it");
        assertThat(cluster.writes()).isEqualTo(writes);
        assertThat(cluster.get(Kind.CONFIG_MAP, "cm-primary").at("/data/color").asText())
                .isEqualTo("blue");
    }

    @Test
    void oneThatIsRequiredInOnePlaceIsRequired() {
        // Given
        mounting(
                "{name: c, configMap: {name: cm}}, {name: d, configMap: {name: cm, optional:"
                        + " true}}");
        running();
        cluster.objects().delete(cluster.ref(Kind.CONFIG_MAP, "cm"));
        // When, Then
        assertThat(cluster.promote(4).getOutcome()).isEqualTo(RouterOutcome.INVALID);
    }

    @Test
    void aConfigThatIsNoLongerTrackedIsReadLive() {
        // Given
        mounting("{name: c, configMap: {name: cm}}");
        running();
        cluster.edit(
                Kind.CONFIG_MAP,
                "cm",
                it -> it.annotate("flagger.app/config-tracking", "disabled"));
        // When
        cluster.promote(4);
        // Then
        assertThat(mounted()).isEqualTo("cm");
    }

    @Test
    void aRestoredTargetMountsItsOwnConfigs() {
        // Given
        mounting("{name: c, configMap: {name: cm}}");
        neighboursCopy();
        running();
        var primary = cluster.get(Kind.DEPLOYMENT, "podinfo-primary");
        var target = cluster.context().target(canary());
        // When
        var template = cluster.context().primaries().promotedTemplate(canary(), target, primary);
        // Then
        assertThat(template.at("/spec/volumes/0/configMap/name").asText()).isEqualTo("cm");
        assertThat(template.at("/spec/containers/0/image").asText()).isEqualTo("podinfo:1");
    }

    private Canary canary() {
        return Objects.requireNonNull(
                cluster.canaries()
                        .get(PretendCluster.NAMESPACE, "podinfo")
                        .orElseThrow()
                        .inForce());
    }

    private void secret(String type) {
        cluster.create(
                """
                apiVersion: v1
                kind: Secret
                metadata: {name: cert}
                type: %s
                data: {tls.crt: AAEC, tls.key: AAEC}
                """
                        .formatted(type));
    }

    private String secretOfThePrimary() {
        return cluster.get(Kind.DEPLOYMENT, "podinfo-primary")
                .at("/spec/template/spec/volumes/1/secret/secretName")
                .asText();
    }

    /** Somebody made the Secret again with another type, which nobody may change. */
    private void runningWithASecretOfAnotherType() {
        secret("Opaque");
        mounting("{name: c, configMap: {name: cm}}, {name: s, secret: {secretName: cert}}");
        running();
        cluster.objects().delete(cluster.ref(Kind.SECRET, "cert"));
        secret("kubernetes.io/tls");
    }

    @Test
    void aSecretOfAnotherTypeHasACopyOfAnotherName() {
        // Given
        runningWithASecretOfAnotherType();
        // When
        var result = cluster.promote(4);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(cluster.get(Kind.SECRET, "cert-primary").at("/type").asText())
                .isEqualTo("Opaque");
        assertThat(secretOfThePrimary()).isEqualTo("cert-podinfo-primary");
        assertThat(cluster.get(Kind.SECRET, "cert-podinfo-primary").at("/type").asText())
                .isEqualTo("kubernetes.io/tls");
    }

    @Test
    void bothCopiesGoWithTheCanary() {
        // Given
        runningWithASecretOfAnotherType();
        cluster.promote(4);
        cluster.serve("podinfo-primary");
        cluster.delete("podinfo");
        // When
        cluster.ask(cluster.command(RouterAction.RESTORE, 5));
        // Then
        assertThat(cluster.has(Kind.SECRET, "cert-podinfo-primary")).isFalse();
        assertThat(cluster.has(Kind.SECRET, "cert-primary")).isFalse();
        assertThat(cluster.has(Kind.SECRET, "cert")).isTrue();
    }
}
