package dev.serinus.watcher.status;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Judges by an entry of Flux' {@code healthCheckExprs}, in CEL: an older generation is in progress,
 * then comes the first that is true of {@code inProgress}, {@code failed} and {@code current}.
 */
final class FluxHealth {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final CelCompiler COMPILER =
            CelCompilerFactory.standardCelCompilerBuilder()
                    .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                    .addVar("metadata", SimpleType.DYN)
                    .addVar("spec", SimpleType.DYN)
                    .addVar("status", SimpleType.DYN)
                    .build();
    private static final CelRuntime RUNTIME = CelRuntimeFactory.standardCelRuntimeBuilder().build();

    private final JsonNode expressions;

    FluxHealth(JsonNode expressions) {
        this.expressions = expressions;
    }

    /** Current, InProgress or Failed. */
    String of(JsonNode object) {
        JsonNode observed = object.at("/status/observedGeneration");
        if (observed.isNumber()
                && observed.asLong() != object.at("/metadata/generation").asLong()) {
            return "InProgress";
        }
        for (String status : List.of("InProgress", "Failed", "Current")) {
            String field = Character.toLowerCase(status.charAt(0)) + status.substring(1);
            Optional<Boolean> is =
                    expressions.has(field)
                            ? holds(expressions.path(field).asText(), object)
                            : Optional.of(false);
            if (is.isEmpty()) {
                return "InProgress"; // it is asked again until the time is over
            }
            if (is.get()) {
                return status;
            }
        }
        return "InProgress";
    }

    /** Empty where the object has not what the expression asks for. */
    private static Optional<Boolean> holds(String expression, JsonNode object) {
        try {
            var program = RUNTIME.createProgram(COMPILER.compile(expression).getAst());
            var variables = JSON.convertValue(object, new TypeReference<Map<String, Object>>() {});
            return program.eval(variables) instanceof Boolean is
                    ? Optional.of(is)
                    : Optional.empty();
        } catch (CelEvaluationException missing) {
            return Optional.empty();
        } catch (CelValidationException wrong) {
            throw new IllegalStateException("no expression: " + expression, wrong);
        }
    }
}
