package dev.serinus.analysis;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

@AnalyzeClasses(
        packages = "dev.serinus.analysis",
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule DECISIONS_DO_NO_IO =
            noClasses()
                    .that()
                    .resideInAPackage("..analysis.rollout..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "org.apache.kafka..",
                            "io.micronaut..",
                            "io.micrometer..",
                            "io.fabric8..",
                            "org.slf4j..",
                            "java.net..",
                            "java.io..",
                            "java.nio.file..",
                            "dev.serinus.schemas.events..")
                    .because("a rollout must be replayable from its events alone");

    @ArchTest
    static final ArchRule DECISIONS_KNOW_NO_CLOCK_AND_NO_CHANCE =
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            "..analysis.rollout..", "..analysis.records..", "..analysis.journal..")
                    .should()
                    .callMethod(Instant.class, "now")
                    .orShould()
                    .callMethod(System.class, "currentTimeMillis")
                    .orShould()
                    .callMethod(System.class, "nanoTime")
                    .orShould()
                    .callMethod(UUID.class, "randomUUID")
                    .orShould()
                    .dependOnClassesThat()
                    .areAssignableTo(Clock.class)
                    .orShould()
                    .dependOnClassesThat()
                    .areAssignableTo(Random.class)
                    .because("time and chance are arguments, or a replay would differ");

    @ArchTest
    static final ArchRule THE_MACHINE_KNOWS_NOTHING_AROUND_IT =
            noClasses()
                    .that()
                    .resideInAPackage("..analysis.rollout..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "..analysis.records..",
                            "..analysis.journal..",
                            "..analysis.stream..",
                            "..analysis.replay..",
                            "..analysis.fleet..",
                            "..analysis.telemetry..",
                            "..analysis.api..");

    /** Each decides about its own and says what comes next; only the machine calls them. */
    private static final Set<String> PARTS =
            Set.of(
                    "Actions",
                    "Analysis",
                    "Deletion",
                    "End",
                    "Gates",
                    "Handover",
                    "Holding",
                    "Initialization",
                    "Promotion",
                    "Protection",
                    "Rollback",
                    "Start",
                    "Unanswered");

    private static final DescribedPredicate<JavaClass> PART =
            DescribedPredicate.describe(
                    "a part of the machine",
                    type ->
                            type.isTopLevelClass()
                                    && type.getPackageName().endsWith(".analysis.rollout")
                                    && PARTS.contains(type.getSimpleName()));

    @ArchTest
    static final ArchRule NO_PART_OF_THE_MACHINE_CALLS_ANOTHER_OR_THE_MACHINE =
            classes()
                    .that(PART)
                    .should(
                            new ArchCondition<>("call neither another part nor the machine") {
                                @Override
                                public void check(JavaClass part, ConditionEvents events) {
                                    part.getDirectDependenciesFromSelf().stream()
                                            .filter(it -> isOther(part, it.getTargetClass()))
                                            .forEach(
                                                    it ->
                                                            events.add(
                                                                    SimpleConditionEvent.violated(
                                                                            it,
                                                                            it.getDescription())));
                                }
                            })
                    .because("calls go down: what comes next is a value");

    private static boolean isOther(JavaClass part, JavaClass target) {
        boolean calls = PART.test(target) || target.getSimpleName().equals("RolloutMachine");
        return calls && !target.equals(part);
    }

    @ArchTest
    static final ArchRule ROOMS_KNOW_NOTHING_OF_THE_MACHINE =
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            "..rollout.plan",
                            "..rollout.judge..",
                            "..rollout.gate",
                            "..rollout.guard",
                            "..rollout.tell")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("..analysis.rollout");

    @ArchTest
    static final ArchRule ROOMS_KNOW_NOTHING_OF_EACH_OTHER =
            slices().matching("..analysis.rollout.(*)")
                    .should()
                    .notDependOnEachOther()
                    .ignoreDependency(
                            resideInAPackage("..rollout.tell"), resideInAPackage("..rollout.plan"));

    @ArchTest
    static final ArchRule SERVICES_MEET_ONLY_IN_SCHEMAS =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "dev.serinus.watcher..",
                            "dev.serinus.router..",
                            "dev.serinus.webhook..",
                            "dev.serinus.notifier..",
                            "dev.serinus.cli..",
                            "dev.serinus.broker..");

    @ArchTest
    static final ArchRule NO_CLUSTER_IS_TALKED_TO =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("io.fabric8..", "dev.serinus.schemas.cluster..");

    @ArchTest
    static final ArchRule PACKAGES_FORM_NO_CYCLES =
            slices().matching("dev.serinus.analysis.(*)..").should().beFreeOfCycles();

    @Test
    void whatReachesAClusterIsNotOnTheClassPath() {
        var classes = getClass().getClassLoader();

        assertThat(
                        classes.getResource(
                                "io/fabric8/kubernetes/client/impl/KubernetesClientImpl.class"))
                .as("the client; the model of manifests comes without it")
                .isNull();
        assertThat(
                        classes.getResource(
                                "META-INF/services/io.fabric8.kubernetes.client.http.HttpClient$Factory"))
                .as("how it would connect")
                .isNull();
    }
}
