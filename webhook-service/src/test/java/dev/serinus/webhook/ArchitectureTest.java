package dev.serinus.webhook;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.serinus", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule MEETS_OTHERS_ONLY_IN_SCHEMAS =
            noClasses()
                    .that()
                    .resideInAnyPackage("dev.serinus.webhook..", "dev.serinus.loadtester..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "dev.serinus.analysis..",
                            "dev.serinus.router..",
                            "dev.serinus.watcher..",
                            "dev.serinus.notifier..")
                    .because("services meet only in schemas");

    @ArchTest
    static final ArchRule HOOKS_KNOW_NO_FRAMEWORK =
            noClasses()
                    .that()
                    .resideInAPackage("..hook..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("io.micronaut..", "org.apache.kafka..", "java.net.http..")
                    .because("the service is plain Java; calls go out through schemas' guard");

    @ArchTest
    static final ArchRule WRITES_NOTHING_TO_THE_CLUSTER =
            noClasses()
                    .that()
                    .resideInAPackage("dev.serinus.webhook.hook..")
                    .should()
                    .dependOnClassesThat()
                    .haveFullyQualifiedName("io.fabric8.kubernetes.client.KubernetesClient")
                    .because("this service only reads Canaries, through a watch");

    @ArchTest
    static final ArchRule THE_LOAD_TESTER_HAS_NOTHING_OF_THE_SERVICE =
            noClasses()
                    .that()
                    .resideInAPackage("dev.serinus.loadtester..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("dev.serinus.webhook..", "io.fabric8..")
                    .because("it runs anybody's commands, and so has no rights in the cluster");

    @ArchTest
    static final ArchRule COMMANDS_AND_GATES_KNOW_NO_FRAMEWORK =
            noClasses()
                    .that()
                    .resideInAnyPackage("..loadtester.command..", "..loadtester.gate..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("io.micronaut..")
                    .because("the load tester is plain Java");
}
