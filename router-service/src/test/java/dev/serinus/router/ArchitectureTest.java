package dev.serinus.router;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import java.time.Instant;

@AnalyzeClasses(
        packages = "dev.serinus.router",
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule MEETS_OTHERS_ONLY_IN_SCHEMAS =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "dev.serinus.analysis..",
                            "dev.serinus.watcher..",
                            "dev.serinus.webhook..",
                            "dev.serinus.notifier..",
                            "dev.serinus.cli..",
                            "dev.serinus.broker..")
                    .because("services meet only in schemas");

    @ArchTest
    static final ArchRule PACKAGES_FORM_NO_CYCLES =
            slices().matching("dev.serinus.router.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule WHAT_OBJECTS_SHALL_BE_IS_COMPUTED =
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            "..router.release..",
                            "..router.route..",
                            "..router.scaler..",
                            "..router.service..",
                            "..router.workload..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.fabric8.kubernetes.client..",
                            "org.apache.kafka..",
                            "io.micronaut..",
                            "io.micrometer..",
                            "java.net.http..",
                            "dev.serinus.router.command..",
                            "dev.serinus.router.drift..")
                    .because("the same plan serves the command, the repair and the golden files");

    @ArchTest
    static final ArchRule WHAT_OBJECTS_SHALL_BE_DOES_NOT_DEPEND_ON_THE_TIME =
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            "..router.release..",
                            "..router.route..",
                            "..router.scaler..",
                            "..router.service..",
                            "..router.workload..")
                    .should()
                    .callMethod(Instant.class, "now")
                    .orShould()
                    .callMethod(System.class, "currentTimeMillis")
                    .orShould()
                    .callMethod(System.class, "nanoTime")
                    .because("a repeated command makes the same objects");

    @ArchTest
    static final ArchRule COMMANDS_REACH_THE_CLUSTER_THROUGH_OBJECTS_ONLY =
            noClasses()
                    .that()
                    .resideInAPackage("..router.command..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.fabric8.kubernetes.client..")
                    .because("every write is conditional, and is made in one place");
}
