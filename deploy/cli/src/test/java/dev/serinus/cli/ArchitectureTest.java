package dev.serinus.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.serinus", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule SERVICES_MEET_ONLY_IN_SCHEMAS_AND_HERE =
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            "..watcher..",
                            "..analysis..",
                            "..router..",
                            "..webhook..",
                            "..notifier..",
                            "..broker..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("dev.serinus.cli..")
                    .because("what runs here also runs alone");

    @ArchTest
    static final ArchRule ONLY_THE_FRONT_DOORS_OF_SERVICES_ARE_USED =
            noClasses()
                    .that()
                    .resideInAPackage("dev.serinus.cli..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "dev.serinus.watcher.*..",
                            "dev.serinus.router.*..",
                            "dev.serinus.webhook.*..",
                            "dev.serinus.analysis.stream..",
                            "dev.serinus.analysis.rollout..")
                    .because("a service is its constructor, its start, its end and how it is");
}
