package dev.serinus.watcher;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
        packages = "dev.serinus.watcher",
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule MEETS_OTHERS_ONLY_IN_SCHEMAS =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "dev.serinus.analysis..",
                            "dev.serinus.router..",
                            "dev.serinus.webhook..",
                            "dev.serinus.notifier..",
                            "dev.serinus.cli..",
                            "dev.serinus.broker..")
                    .because("services meet only in schemas");

    @ArchTest
    static final ArchRule PACKAGES_FORM_NO_CYCLES =
            slices().matching("dev.serinus.watcher.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule REQUESTS_TO_PROVIDERS_ARE_MADE_IN_ONE_PACKAGE =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("..watcher.metrics..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("java.net.http..")
                    .because("what goes out is guarded there");

    private static final String KINDS =
            "(Prometheus|Datadog|NewRelic|NerdGraph|Graphite|InfluxDb|Dynatrace|Keptn|ExternalMetrics|Stackdriver|CloudWatch|Splunk|Webhook|GooglePrometheus|AmazonPrometheus|AzureMonitor|SigNoz).*";

    @ArchTest
    static final ArchRule A_PROVIDER_IS_NAMED_IN_ONE_PLACE =
            noClasses()
                    .that()
                    .doNotHaveSimpleName("Providers")
                    .and()
                    .haveNameNotMatching(".*provider\\." + KINDS)
                    .should()
                    .dependOnClassesThat()
                    .haveNameMatching(".*provider\\." + KINDS)
                    .because("a new provider is its class and one line in Providers");

    @ArchTest
    static final ArchRule PROVIDERS_KNOW_NOTHING_OF_CANARIES =
            noClasses()
                    .that()
                    .resideInAPackage("..watcher.metrics.provider..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "dev.serinus.watcher.metrics",
                            "dev.serinus.watcher.cluster..",
                            "java.net.http..")
                    .because("they get settings, a query and a guarded way out");

    @ArchTest
    static final ArchRule WATCHING_WRITES_NOTHING =
            noClasses()
                    .that()
                    .resideInAnyPackage("..watcher.cluster..", "..watcher.observe..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "dev.serinus.watcher.status..", "dev.serinus.watcher.metrics..")
                    .because("what is seen does not depend on what is told or measured");
}
