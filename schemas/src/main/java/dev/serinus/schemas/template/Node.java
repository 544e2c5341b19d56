package dev.serinus.schemas.template;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** What a template consists of. */
sealed interface Node {

    record Text(String text, int line) implements Node {}

    /** Prints a pipeline, unless it only sets a variable. */
    record Print(Pipeline pipeline) implements Node {}

    record If(Pipeline condition, List<Node> then, List<Node> otherwise) implements Node {}

    record With(Pipeline value, List<Node> then, List<Node> otherwise) implements Node {}

    record Range(List<String> variables, Pipeline over, List<Node> body, List<Node> otherwise)
            implements Node {}

    /** Commands, each of which gets the value of the one before as its last argument. */
    record Pipeline(@Nullable String variable, boolean declares, List<Command> commands, int line) {

        /** True for a text that the template's author wrote between braces. */
        boolean isLiteral() {
            return commands.size() == 1
                    && commands.getFirst().operands().size() == 1
                    && commands.getFirst().operands().getFirst() instanceof Operand.Literal;
        }
    }

    record Command(List<Operand> operands) {}

    /** Something with a value. */
    sealed interface Operand {
        int line();

        record Literal(@Nullable Object value, int line) implements Operand {}

        record Call(String function, int line) implements Operand {}

        record Variable(String name, int line) implements Operand {}

        record Dot(int line) implements Operand {}

        record Nested(Pipeline pipeline, int line) implements Operand {}

        /** A chain of fields, {@code .a.b.c}, outermost first. */
        record Field(Operand of, List<String> names, int line) implements Operand {}
    }
}
