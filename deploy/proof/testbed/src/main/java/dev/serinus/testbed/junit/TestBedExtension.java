package dev.serinus.testbed.junit;

import dev.serinus.testbed.User;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Gives a test class its namespace on the control plane of the JVM. */
final class TestBedExtension
        implements ExecutionCondition, BeforeAllCallback, AfterAllCallback, ParameterResolver {

    private static final ExtensionContext.Namespace OURS =
            ExtensionContext.Namespace.create(TestBedExtension.class);

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        String whyNot = SharedControlPlane.whyNot();
        return whyNot == null
                ? ConditionEvaluationResult.enabled("there is a control plane")
                : ConditionEvaluationResult.disabled(whyNot);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        if (isNested(context)) {
            return;
        }
        var plane =
                context.getRoot()
                        .getStore(OURS)
                        .getOrComputeIfAbsent(
                                SharedControlPlane.class,
                                _ -> SharedControlPlane.start(),
                                SharedControlPlane.class)
                        .plane();
        var admin = plane.client(User.ADMIN);
        String namespace = name(context.getRequiredTestClass());
        var _ =
                admin.resource(
                                new NamespaceBuilder()
                                        .withNewMetadata()
                                        .withName(namespace)
                                        .endMetadata()
                                        .build())
                        .create();
        context.getStore(OURS).put(TestBed.class, new TestBed(plane, namespace, admin));
    }

    private static String name(Class<?> test) {
        String readable = test.getSimpleName().replaceAll("([a-z])([A-Z])", "$1-$2");
        return readable.toLowerCase(Locale.ROOT)
                + "-"
                + Integer.toString(ThreadLocalRandom.current().nextInt(36 * 36 * 36), 36);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        var bed = context.getStore(OURS).get(TestBed.class, TestBed.class);
        if (bed == null || isNested(context)) {
            return;
        }
        try (var admin = bed.admin()) {
            letGo(admin, bed.namespace());
            var namespace = admin.namespaces().withName(bed.namespace());
            var _ = namespace.delete();
            var gone = namespace.waitUntilCondition(found -> found == null, 60, TimeUnit.SECONDS);
            if (gone != null) {
                throw new IllegalStateException(bed.namespace() + " does not go away");
            }
        }
    }

    /** Whoever would take the finalizers off is not running any more. */
    private static void letGo(KubernetesClient admin, String namespace) {
        List<GenericKubernetesResource> canaries =
                admin.genericKubernetesResources("flagger.app/v1beta1", "Canary")
                        .inNamespace(namespace)
                        .list()
                        .getItems();
        for (var canary : canaries) {
            var _ =
                    admin.resource(canary)
                            .edit(
                                    object -> {
                                        object.getMetadata().setFinalizers(List.of());
                                        return object;
                                    });
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == TestBed.class || type == KubernetesClient.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        var bed = context.getStore(OURS).get(TestBed.class, TestBed.class);
        return parameter.getParameter().getType() == TestBed.class ? bed : bed.admin();
    }

    // A nested class has the namespace of the one around it: a store looks into its parents'.
    private static boolean isNested(ExtensionContext context) {
        return context.getRequiredTestClass().getEnclosingClass() != null;
    }
}
