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
                    .resideInAPackage("dev.serinus.webhook..")
                    .because("it runs anybody's commands, in a process of its own");

    @ArchTest
    static final ArchRule ONLY_JOBS_KNOW_THE_CLUSTER =
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            "..loadtester.command..",
                            "..loadtester.gate..",
                            "..loadtester.remote..",
                            "..loadtester.report..",
                            "..loadtester.task..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.fabric8..")
                    .because("rights in the cluster are for Jobs, where an operator gives them");

    @ArchTest
    static final ArchRule TASKS_KNOW_NO_KIND_OF_THEM =
            noClasses()
                    .that()
                    .resideInAPackage("..loadtester.task..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "..loadtester.command..", "..loadtester.remote..", "..loadtester.job..")
                    .because("another kind of test is a file of its own");

    @ArchTest
    static final ArchRule TASKS_AND_GATES_KNOW_NO_FRAMEWORK =
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            "..loadtester.command..",
                            "..loadtester.gate..",
                            "..loadtester.job..",
                            "..loadtester.remote..",
                            "..loadtester.task..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("io.micronaut..")
                    .because("the load tester is plain Java");
}
