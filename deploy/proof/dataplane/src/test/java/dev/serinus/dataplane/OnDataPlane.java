package dev.serinus.dataplane;

import dev.serinus.dataplane.proxy.Plane;
import dev.serinus.testbed.binaries.Binaries;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Needs the programs of the control plane and of a proxy and a network namespace, else it is
 * skipped.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(OnDataPlane.Present.class)
@interface OnDataPlane {

    Plane value();

    final class Present implements ExecutionCondition {

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            if (Binaries.find().isEmpty()) {
                return ConditionEvaluationResult.disabled(
                        "the control plane's programs are not in %s: deploy/serinus testbed build makes them"
                                .formatted(Binaries.place()));
            }
            return context.getElement()
                    .map(it -> it.getAnnotation(OnDataPlane.class))
                    .flatMap(it -> it.value().missing())
                    .or(OwnNetwork::whyNot)
                    .map(ConditionEvaluationResult::disabled)
                    .orElseGet(() -> ConditionEvaluationResult.enabled("all of it is here"));
        }
    }
}
