package dev.serinus.schemas;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.canary.Revision;

@AnalyzeClasses(
        packages = "dev.serinus.schemas",
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String EVENTS = "dev.serinus.schemas.events..";
    private static final String TOPIC = "dev.serinus.schemas.topic..";
    private static final String WIRE = "dev.serinus.schemas.wire..";
    private static final String RUNTIME = "dev.serinus.schemas.runtime..";
    private static final String CANARY = "dev.serinus.schemas.canary..";
    private static final String MESH = "dev.serinus.schemas.mesh..";
    private static final String ADMISSION = "dev.serinus.schemas.admission..";
    private static final String CRD = "dev.serinus.schemas.crd..";
    private static final String CLUSTER = "dev.serinus.schemas.cluster..";
    private static final String SHELL = "dev.serinus.schemas.shell..";
    private static final String TARGET = "dev.serinus.schemas.targets..";
    private static final String HOOK = "dev.serinus.schemas.hook..";
    private static final String OUTGOING = "dev.serinus.schemas.outgoing..";

    @ArchTest
    static final ArchRule KNOWS_NO_SERVICE =
            noClasses()
                    .should()
                    .dependOnClassesThat(
                            resideOutsideOfPackage("dev.serinus.schemas..")
                                    .and(resideInAnyPackage("dev.serinus..")))
                    .orShould()
                    .dependOnClassesThat()
                    .resideInAnyPackage("org.apache.kafka.streams..")
                    .because("all services share it, each with what it runs in");

    @ArchTest
    static final ArchRule TEMPLATES_ARE_TEXT_TO_TEXT =
            noClasses()
                    .that()
                    .resideInAPackage("..schemas.template..")
                    .should()
                    .dependOnClassesThat()
                    .resideOutsideOfPackages(
                            "dev.serinus.schemas.template..", "java..", "org.jspecify..")
                    .because("a text is rendered the same wherever it is needed");

    @ArchTest
    static final ArchRule A_SERVICE_IS_A_PROCESS_IN_ONE_PLACE =
            noClasses()
                    .that()
                    .resideOutsideOfPackage(SHELL)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("io.micronaut..")
                    .because("the rest runs in any process, with any framework or none");

    @ArchTest
    static final ArchRule THE_SIDE_OF_KAFKA_KNOWS_NO_KUBERNETES =
            noClasses()
                    .that()
                    .resideInAnyPackage(EVENTS, TOPIC, WIRE, RUNTIME)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("io.fabric8..", CANARY, ADMISSION, CRD, CLUSTER, OUTGOING)
                    .because("analysis takes these packages without a Kubernetes client");

    @ArchTest
    static final ArchRule WHAT_ANALYSIS_SHARES_OF_THE_MODEL_KNOWS_NO_KUBERNETES =
            noClasses()
                    .that()
                    .belongToAnyOf(Revision.class, Durations.class)
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.fabric8..")
                    .because("analysis has no Kubernetes client on its class path");

    @ArchTest
    static final ArchRule THE_SIDE_OF_THE_CLUSTER_KNOWS_NO_KAFKA =
            noClasses()
                    .that()
                    .resideInAnyPackage(CANARY, ADMISSION, CRD, CLUSTER, OUTGOING)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("org.apache.kafka..", WIRE, RUNTIME)
                    .because("reading and judging a Canary is the same with and without a hub");

    @ArchTest
    static final ArchRule WHAT_A_HOOK_MEANS_STANDS_ALONE =
            classes()
                    .that()
                    .resideInAPackage(HOOK)
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(HOOK, "org.jspecify..", "java..")
                    .because("the machine reads it, and knows neither Kafka nor Kubernetes");

    @ArchTest
    static final ArchRule ADMISSION_IS_A_PURE_FUNCTION =
            classes()
                    .that()
                    .resideInAPackage(ADMISSION)
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            ADMISSION,
                            CANARY,
                            EVENTS,
                            MESH,
                            HOOK,
                            TARGET,
                            "io.fabric8.kubernetes.api.model..",
                            "com.fasterxml.jackson..",
                            "org.jspecify..",
                            "java.lang..",
                            "java.util..",
                            "java.time..",
                            "java.math..",
                            "java.net")
                    .because("the same manifest gets the same findings, anywhere");

    @ArchTest
    static final ArchRule MANIFESTS_ARE_JUDGED_WITHOUT_A_CLUSTER =
            noClasses()
                    .that()
                    .resideInAPackage("dev.serinus.schemas.manifest..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            CLUSTER,
                            WIRE,
                            RUNTIME,
                            SHELL,
                            "io.fabric8.kubernetes.client..",
                            "org.apache.kafka..",
                            "java.io.File",
                            "java.nio.file..")
                    .because(
                            "a text is judged the same in a command and in a hub without a client");

    @ArchTest
    static final ArchRule DESCRIPTORS_OF_MESHES_ARE_DATA =
            classes()
                    .that()
                    .resideInAPackage(MESH)
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            MESH,
                            "dev.serinus.schemas.cluster..",
                            "org.jspecify..",
                            "java.lang..",
                            "java.time..",
                            "java.util..")
                    .because("every service reads them, also one that knows no cluster");

    @ArchTest
    static final ArchRule PACKAGES_FORM_NO_CYCLES =
            slices().matching("dev.serinus.schemas.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule EVENTS_STAND_ALONE =
            classes()
                    .that()
                    .resideInAPackage(EVENTS)
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(EVENTS, "org.apache.avro..", "java..")
                    .because("they are generated from their schemas and from nothing else");

    @ArchTest
    static final ArchRule THE_WIRE_KNOWS_NO_LOOP =
            noClasses()
                    .that()
                    .resideInAPackage(WIRE)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(RUNTIME, "org.apache.kafka.clients..")
                    .because("a serializer is made by any client, also by a foreign one");

    @ArchTest
    static final ArchRule ONLY_THE_REGISTRY_IS_CALLED_PAST_THE_GUARD =
            noClasses()
                    .that()
                    .resideOutsideOfPackage(WIRE)
                    .and()
                    .haveNameNotMatching(".*KubernetesClients.*")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("java.net.http..")
                    .because(
                            "the registry's addresses are the installation's, as is that of the"
                                    + " cluster, all others guarded");

    @ArchTest
    static final ArchRule CALLS_GO_OUT_IN_ONE_PLACE =
            noClasses()
                    .that()
                    .resideOutsideOfPackage(OUTGOING)
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.netty..")
                    .because("who calls says where to and what, not how");

    @ArchTest
    static final ArchRule THE_MODEL_COMES_BEFORE_WHAT_IS_MADE_OF_IT =
            noClasses()
                    .that()
                    .resideInAPackage(CANARY)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(ADMISSION, CRD, CLUSTER, OUTGOING, TOPIC)
                    .because("the definitions and the rules are derived from the model");
}
