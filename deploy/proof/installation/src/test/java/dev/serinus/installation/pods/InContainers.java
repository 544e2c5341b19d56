package dev.serinus.installation.pods;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Needs mount namespaces; skipped, with a word about it, where there are none. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(InContainers.Condition.class)
public @interface InContainers {

    /** Tries one. */
    final class Condition implements ExecutionCondition {

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return isPossible()
                    ? ConditionEvaluationResult.enabled("there are mount namespaces")
                    : ConditionEvaluationResult.disabled(
                            "this machine gives no mount namespace (util-linux' unshare and"
                                    + " setpriv, as root or with user namespaces)");
        }

        private static boolean isPossible() {
            try {
                var command = ContainerProcess.namespace();
                command.addAll(
                        List.of("sh", "-c", "mount -t tmpfs none /mnt && setpriv --version"));
                var process =
                        new ProcessBuilder(command)
                                .redirectErrorStream(true)
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .start();
                return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
            } catch (IOException none) {
                return false;
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }
}
