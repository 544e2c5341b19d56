package dev.serinus.notifier;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import dev.serinus.notifier.chat.Notifier;
import dev.serinus.schemas.outgoing.Addresses;
import dev.serinus.schemas.outgoing.Signer;

@AnalyzeClasses(packages = "dev.serinus", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule MEETS_OTHERS_ONLY_IN_SCHEMAS =
            noClasses()
                    .that()
                    .resideInAPackage("dev.serinus.notifier..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "dev.serinus.analysis..",
                            "dev.serinus.router..",
                            "dev.serinus.watcher..",
                            "dev.serinus.webhook..")
                    .because("services meet only in schemas");

    @ArchTest
    static final ArchRule CHATS_ARE_PURE =
            noClasses()
                    .that()
                    .implement(Notifier.class)
                    .should()
                    .dependOnClassesThat(
                            resideInAnyPackage("java.net.http..", "dev.serinus.schemas.outgoing..")
                                    // These two compute.
                                    .and(not(belongToAnyOf(Addresses.class, Signer.class))))
                    .because("a chat service is one file that says what is peculiar to it");

    @ArchTest
    static final ArchRule NO_FRAMEWORK_INSIDE =
            noClasses()
                    .that()
                    .resideInAnyPackage("..alert..", "..chat..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("io.micronaut..", "org.apache.kafka..", "java.net.http..")
                    .because("the service is plain Java; calls go out through schemas' guard");
}
