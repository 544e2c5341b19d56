package dev.serinus.schemas.template;

import dev.serinus.schemas.template.Node.Operand;
import dev.serinus.schemas.template.Node.Pipeline;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Renders a text by Go's text/template: queries as Flagger does, with functions without arguments
 * for the names of things, {@code variables} for those of the metric, and the usual built-in
 * functions; the dot is nothing, and an unknown key is an error. Messages have a dot, and what is
 * not known of it is empty. Values go into a query as they are, where {@code quote} and {@code
 * quoteRegex} are for those that somebody else wrote; into a message they go escaped.
 *
 * <p>A template can read what it is given and nothing else, within a {@link Budget}.
 */
public final class TextTemplate {

    private final Map<String, ?> functions;
    private final Variables variables = new Variables();
    private final StringBuilder out = new StringBuilder();
    private final Budget budget = new Budget();
    private final boolean lenient;
    private final UnaryOperator<String> escaped;

    private TextTemplate(Map<String, ?> functions, boolean lenient, UnaryOperator<String> escaped) {
        this.functions = functions;
        this.lenient = lenient;
        this.escaped = escaped;
    }

    /**
     * Renders {@code template}.
     *
     * @param functions the value of each function without arguments: a text, or a map of texts
     */
    public static String render(String template, Map<String, ?> functions) throws RenderException {
        var rendering = new TextTemplate(functions, false, UnaryOperator.identity());
        rendering.all(Parser.parse(template), null);
        return rendering.out.toString();
    }

    /**
     * Why a template cannot be read, whatever it is about; empty for one that can be, which may
     * still name what nobody knows.
     */
    public static Optional<String> unreadable(String template) {
        try {
            var _ = Parser.parse(template);
            return Optional.empty();
        } catch (RenderException wrong) {
            return Optional.of(String.valueOf(wrong.getMessage()));
        }
    }

    /**
     * Renders {@code template} about something; what is not known of it is empty.
     *
     * @param dot texts, numbers, truths, and maps of them
     * @param escaped how a value has to be written so that it is no markup; the template's own text
     *     stays what it is
     */
    public static String renderAbout(
            String template, Map<String, ?> dot, UnaryOperator<String> escaped)
            throws RenderException {
        var rendering = new TextTemplate(Map.of(), true, escaped);
        rendering.variables.declare("$", dot);
        rendering.all(Parser.parse(template), dot);
        return rendering.out.toString();
    }

    private void all(List<Node> nodes, @Nullable Object dot) throws RenderException {
        for (Node node : nodes) {
            one(node, dot);
        }
    }

    private void one(Node node, @Nullable Object dot) throws RenderException {
        if (node instanceof Node.Text || node instanceof Node.Print) {
            written(node, dot);
        } else {
            int outside = variables.mark();
            written(node, dot);
            variables.back(outside);
        }
    }

    private void written(Node node, @Nullable Object dot) throws RenderException {
        switch (node) {
            case Node.Text(var text, var line) -> {
                budget.step(line);
                print(text, line);
            }
            case Node.Print(var pipeline) -> {
                Object value = value(pipeline, dot);
                if (pipeline.variable() == null) {
                    String text = text(value, pipeline.line());
                    print(pipeline.isLiteral() ? text : escaped.apply(text), pipeline.line());
                }
            }
            case Node.If(var condition, var then, var otherwise) ->
                    all(Functions.isTrue(value(condition, dot)) ? then : otherwise, dot);
            case Node.With(var pipeline, var then, var otherwise) -> {
                Object value = value(pipeline, dot);
                if (Functions.isTrue(value)) {
                    all(then, value);
                } else {
                    all(otherwise, dot);
                }
            }
            case Node.Range range -> range(range, dot);
        }
    }

    private void range(Node.Range range, @Nullable Object dot) throws RenderException {
        Object over = value(range.over(), dot);
        int line = range.over().line();
        switch (over) {
            case Map<?, ?> map when !map.isEmpty() -> {
                budget.steps(line, map.size());
                for (var item : new TreeMap<Object, Object>(map).entrySet()) {
                    round(range, item.getKey(), item.getValue());
                }
            }
            case Long count when count > 0 && count <= Budget.LONGEST_TEXT -> {
                for (long i = 0; i < count; i++) {
                    round(range, i, i);
                }
            }
            case Long count when count <= 0 -> all(range.otherwise(), dot);
            case Map<?, ?> _ -> all(range.otherwise(), dot);
            case null -> all(range.otherwise(), dot);
            default ->
                    throw new RenderException(line, "range can't iterate over " + text(over, line));
        }
    }

    private void round(Node.Range range, Object key, Object value) throws RenderException {
        budget.step(range.over().line());
        int outside = variables.mark();
        var names = range.variables();
        if (names.size() == 2) {
            variables.declare(names.get(0), key);
        }
        if (!names.isEmpty()) {
            variables.declare(names.getLast(), value);
        }
        all(range.body(), value);
        variables.back(outside);
    }

    private String text(@Nullable Object value, int line) throws RenderException {
        try {
            return Functions.text(value);
        } catch (IllegalArgumentException tooLong) {
            throw new RenderException(line, String.valueOf(tooLong.getMessage()));
        }
    }

    private void print(String text, int line) throws RenderException {
        budget.characters(line, text.length());
        if (out.length() + text.length() > Budget.LONGEST_TEXT) {
            throw new RenderException(
                    line, "the text is longer than " + Budget.LONGEST_TEXT + " characters");
        }
        out.append(text);
    }

    private @Nullable Object value(Pipeline pipeline, @Nullable Object dot) throws RenderException {
        @Nullable Object value = null;
        boolean piped = false;
        for (var command : pipeline.commands()) {
            var operands = command.operands();
            if (operands.getFirst() instanceof Operand.Call(var function, var line)
                    && Functions.isLazy(function)
                    && operands.size() > 1
                    && !functions.containsKey(function)) {
                budget.step(line);
                value = lazily(function, operands.subList(1, operands.size()), dot, piped, value);
            } else if (operands.getFirst() instanceof Operand.Call(var function, var line)) {
                budget.step(line);
                List<@Nullable Object> arguments = new ArrayList<>();
                for (var operand : operands.subList(1, operands.size())) {
                    arguments.add(operand(operand, dot));
                }
                if (piped) {
                    arguments.add(value);
                }
                value = call(function, arguments, line);
            } else if (operands.size() > 1 || piped) {
                throw new RenderException(pipeline.line(), "can't give argument to non-function");
            } else {
                value = operand(operands.getFirst(), dot);
            }
            piped = true;
        }
        if (pipeline.variable() != null) {
            if (pipeline.declares()) {
                variables.declare(pipeline.variable(), value);
            } else if (!variables.assign(pipeline.variable(), value)) {
                throw new RenderException(
                        pipeline.line(), "undefined variable " + pipeline.variable());
            }
        }
        return value;
    }

    /** What comes after the operand that decides is not even looked at. */
    private @Nullable Object lazily(
            String function,
            List<Operand> operands,
            @Nullable Object dot,
            boolean piped,
            @Nullable Object last)
            throws RenderException {
        @Nullable Object value = null;
        for (var operand : operands) {
            value = operand(operand, dot);
            if (Functions.decides(function, value)) {
                return value;
            }
        }
        return piped ? last : value;
    }

    private @Nullable Object operand(Operand operand, @Nullable Object dot) throws RenderException {
        budget.step(operand.line());
        return switch (operand) {
            case Operand.Literal(var value, _) -> value;
            case Operand.Call(var function, var line) -> call(function, List.of(), line);
            case Operand.Dot _ -> dot;
            case Operand.Nested(var pipeline, _) -> value(pipeline, dot);
            case Operand.Variable(var name, var line) -> {
                if (!variables.has(name) && !name.equals("$")) {
                    throw new RenderException(line, "undefined variable " + name);
                }
                yield variables.get(name);
            }
            case Operand.Field(var of, var names, var line) -> {
                Object value = operand(of, dot);
                for (String name : names) {
                    value = field(value, name, line);
                }
                yield value;
            }
        };
    }

    private Object field(@Nullable Object of, String name, int line) throws RenderException {
        if (of instanceof Map<?, ?> map) {
            Object value = map.get(name);
            if (value == null && lenient) {
                return "";
            }
            if (value == null) {
                throw new RenderException(line, "map has no entry for key \"" + name + "\"");
            }
            return value;
        }
        if (lenient) {
            return "";
        }
        throw new RenderException(line, "nil data; no entry for key \"" + name + "\"");
    }

    private @Nullable Object call(String function, List<@Nullable Object> arguments, int line)
            throws RenderException {
        Object ours = functions.get(function);
        if (ours != null) {
            if (!arguments.isEmpty()) {
                throw new RenderException(
                        line, "wrong number of args for " + function + ": want 0");
            }
            return ours;
        }
        for (Object argument : arguments) {
            budget.characters(
                    line,
                    Functions.writesText(function) ? Functions.written(argument) : size(argument));
        }
        try {
            Object value = Functions.call(function, arguments);
            budget.characters(line, size(value));
            return value;
        } catch (IllegalArgumentException wrong) {
            throw new RenderException(line, String.valueOf(wrong.getMessage()));
        }
    }

    private static long size(@Nullable Object value) {
        return switch (value) {
            case String text -> text.length();
            case Map<?, ?> map -> map.size();
            case null, default -> 1;
        };
    }
}
