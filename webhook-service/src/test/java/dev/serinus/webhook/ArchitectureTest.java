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
                    .resideInAPackage("dev.serinus.webhook..")
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
}
