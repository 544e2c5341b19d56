package dev.serinus.router.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;

import dev.serinus.schemas.mesh.Kubernetes;
import dev.serinus.schemas.mesh.Meshes;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.stream.Collectors;

/** A mesh is one package, one descriptor and a line for each. */
class RoutersTest {

    private static final String PACKAGE = "dev.serinus.router.route";

    @Test
    void aMeshThatIsServedHasARouterAndNoOtherHas() {
        var served = new ArrayList<>(Meshes.served());
        served.add(Kubernetes.BY_REPLICAS); // a way of one of them

        assertThat(Routers.ALL.stream().map(Router::mesh).distinct())
                .containsExactlyInAnyOrderElementsOf(served);
    }

    @Test
    void everyRouterIsHeldToTheContract() {
        var held =
                new ClassFileImporter()
                        .importPackages(PACKAGE).stream()
                                .filter(it -> it.isAssignableTo(RouterContract.class))
                                .map(JavaClass::getPackageName)
                                .collect(Collectors.toSet());

        assertThat(Routers.ALL)
                .allSatisfy(
                        router -> assertThat(held).contains(router.getClass().getPackageName()));
    }

    @Test
    void onlyTheListOfRoutersKnowsThem() {
        var concrete =
                Routers.ALL.stream()
                        .map(router -> router.getClass().getName())
                        .collect(Collectors.toSet());

        assertThat(
                        new ClassFileImporter()
                                .importPackages("dev.serinus.router").stream()
                                        .filter(it -> concrete.contains(it.getName()))
                                        .flatMap(it -> it.getDirectDependenciesToSelf().stream())
                                        .map(it -> it.getOriginClass().getName())
                                        .filter(it -> !it.contains("Test"))
                                        .filter(it -> !concrete.contains(it.split("\\$")[0])))
                .containsOnly(Routers.class.getName());
    }
}
