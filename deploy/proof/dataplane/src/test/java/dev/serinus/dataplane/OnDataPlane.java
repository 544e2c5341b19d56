package dev.serinus.dataplane;

import dev.serinus.dataplane.binaries.Programs;
import dev.serinus.testbed.binaries.Binaries;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Needs the programs of control plane and proxies and a network namespace, else it is skipped. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(OnDataPlane.Present.class)
@interface OnDataPlane {

    final class Present implements ExecutionCondition {

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            if (Binaries.find().isEmpty()) {
                return ConditionEvaluationResult.disabled(
                        "the control plane's programs are not in %s: deploy/serinus testbed build makes them"
                                .formatted(Binaries.place()));
            }
            if (Programs.find().isEmpty()) {
                return ConditionEvaluationResult.disabled(
                        "the proxies are not in %s: deploy/serinus dataplane build makes them"
                                .formatted(Programs.place()));
            }
            return OwnNetwork.whyNot()
                    .map(ConditionEvaluationResult::disabled)
                    .orElseGet(() -> ConditionEvaluationResult.enabled("all of it is here"));
        }
    }
}
