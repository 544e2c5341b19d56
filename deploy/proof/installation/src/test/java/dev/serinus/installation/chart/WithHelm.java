package dev.serinus.installation.chart;

import dev.serinus.installation.HelmProgram;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Needs the helm command; skipped, with a word about it, where it was not built. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(WithHelm.Condition.class)
public @interface WithHelm {

    /** Looks for the program. */
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return HelmProgram.find().isPresent()
                    ? ConditionEvaluationResult.enabled("there is helm")
                    : ConditionEvaluationResult.disabled(
                            "there is no %s: deploy/serinus helm build makes it with Go"
                                    .formatted(HelmProgram.place()));
        }
    }
}
