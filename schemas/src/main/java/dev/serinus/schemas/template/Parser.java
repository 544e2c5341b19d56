package dev.serinus.schemas.template;

import dev.serinus.schemas.template.Node.Command;
import dev.serinus.schemas.template.Node.Operand;
import dev.serinus.schemas.template.Node.Pipeline;
import dev.serinus.schemas.template.Token.Kind;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Builds a template from its tokens. */
final class Parser {

    private static final Set<String> UNSUPPORTED =
            Set.of("define", "template", "block", "break", "continue");
    private final List<Token> tokens;
    private int at;
    private int depth;

    private Parser(List<Token> tokens) {
        this.tokens = tokens;
    }

    static List<Node> parse(String source) throws RenderException {
        if (source.length() > Budget.LONGEST_TEXT) {
            throw new RenderException(
                    1,
                    "the template has %d characters, at most %d are allowed"
                            .formatted(source.length(), Budget.LONGEST_TEXT));
        }
        var parser = new Parser(Lexer.tokens(source));
        List<Node> nodes = parser.list();
        if (!parser.peek().is(Kind.END)) {
            throw parser.error("unexpected {{" + parser.peek().text() + "}}");
        }
        return nodes;
    }

    /** Nodes up to the end of the template, or to the word that ends or divides a block. */
    private List<Node> list() throws RenderException {
        deeper();
        List<Node> nodes = new ArrayList<>();
        while (!peek().is(Kind.END) && !peek().isWord("end") && !peek().isWord("else")) {
            nodes.add(node());
        }
        depth--;
        return nodes;
    }

    private Node node() throws RenderException {
        Token token = peek();
        if (token.is(Kind.TEXT)) {
            at++;
            return new Node.Text(token.text(), token.line());
        }
        if (token.is(Kind.WORD) && UNSUPPORTED.contains(token.text())) {
            throw error("{{" + token.text() + "}} is not supported in a query");
        }
        if (token.isWord("if") || token.isWord("with") || token.isWord("range")) {
            at++;
            return block(token.text());
        }
        var pipeline = pipeline();
        expect(Kind.CLOSE);
        return new Node.Print(pipeline);
    }

    private Node block(String word) throws RenderException {
        List<String> variables = word.equals("range") ? rangeVariables() : List.of();
        var pipeline = pipeline();
        expect(Kind.CLOSE);
        List<Node> body = list();
        List<Node> otherwise = List.of();
        if (peek().isWord("else")) {
            at++;
            if (peek().isWord("if") || peek().isWord("with")) {
                String chained = next().text();
                deeper();
                otherwise = List.of(block(chained)); // its end is also ours
                depth--;
                return node(word, variables, pipeline, body, otherwise);
            }
            expect(Kind.CLOSE);
            otherwise = list();
        }
        if (!peek().isWord("end")) {
            throw error("unclosed {{" + word + "}}");
        }
        at++;
        expect(Kind.CLOSE);
        return node(word, variables, pipeline, body, otherwise);
    }

    private static Node node(
            String word,
            List<String> variables,
            Pipeline pipeline,
            List<Node> body,
            List<Node> otherwise) {
        return switch (word) {
            case "if" -> new Node.If(pipeline, body, otherwise);
            case "with" -> new Node.With(pipeline, body, otherwise);
            default -> new Node.Range(variables, pipeline, body, otherwise);
        };
    }

    private List<String> rangeVariables() throws RenderException {
        int start = at;
        List<String> variables = new ArrayList<>();
        while (peek().is(Kind.VARIABLE)) {
            variables.add(next().text());
            if (peek().is(Kind.COMMA)) {
                at++;
            }
        }
        if (!variables.isEmpty() && peek().is(Kind.DECLARE) && variables.size() <= 2) {
            at++;
            return variables;
        }
        at = start;
        return List.of();
    }

    private Pipeline pipeline() throws RenderException {
        int line = peek().line();
        @Nullable String variable = null;
        boolean declares = false;
        if (peek().is(Kind.VARIABLE)
                && (tokens.get(at + 1).is(Kind.DECLARE) || tokens.get(at + 1).is(Kind.ASSIGN))) {
            variable = next().text();
            declares = next().is(Kind.DECLARE);
        }
        List<Command> commands = new ArrayList<>();
        do {
            commands.add(command());
        } while (skip(Kind.PIPE));
        return new Pipeline(variable, declares, commands, line);
    }

    private Command command() throws RenderException {
        List<Operand> operands = new ArrayList<>();
        while (!peek().is(Kind.PIPE) && !peek().is(Kind.CLOSE) && !peek().is(Kind.CLOSE_PAREN)) {
            operands.add(operand());
        }
        if (operands.isEmpty()) {
            throw error("missing value");
        }
        return new Command(operands);
    }

    private Operand operand() throws RenderException {
        Token token = next();
        int line = token.line();
        Operand operand =
                switch (token.kind()) {
                    case WORD ->
                            switch (token.text()) {
                                case "true" -> new Operand.Literal(true, line);
                                case "false" -> new Operand.Literal(false, line);
                                case "nil" -> new Operand.Literal(null, line);
                                default -> new Operand.Call(token.text(), line);
                            };
                    case STRING -> new Operand.Literal(token.text(), line);
                    case NUMBER -> new Operand.Literal(number(token), line);
                    case VARIABLE -> new Operand.Variable(token.text(), line);
                    case DOT -> new Operand.Dot(line);
                    case FIELD ->
                            new Operand.Field(
                                    new Operand.Dot(line),
                                    List.of(token.text().substring(1)),
                                    line);
                    case OPEN_PAREN -> {
                        deeper();
                        var nested = new Operand.Nested(pipeline(), line);
                        expect(Kind.CLOSE_PAREN);
                        depth--;
                        yield nested;
                    }
                    default ->
                            throw new RenderException(line, "unexpected \"" + token.text() + "\"");
                };
        List<String> fields = new ArrayList<>();
        while (peek().is(Kind.CHAINED)) {
            fields.add(next().text().substring(1));
        }
        return fields.isEmpty() ? operand : new Operand.Field(operand, fields, line);
    }

    private void deeper() throws RenderException {
        if (++depth > Budget.DEEPEST) {
            throw error(
                    "nested too deeply: at most %d blocks, else-ifs and parentheses may be inside each other"
                            .formatted(Budget.DEEPEST));
        }
    }

    private static Object number(Token token) throws RenderException {
        String text = token.text();
        try {
            return text.contains(".") || text.contains("e")
                    ? (Object) Double.valueOf(text)
                    : (Object) Long.decode(text);
        } catch (NumberFormatException _) {
            throw new RenderException(token.line(), "bad number \"" + text + "\"");
        }
    }

    private Token peek() {
        return tokens.get(at);
    }

    private Token next() {
        return tokens.get(at++);
    }

    private boolean skip(Kind kind) {
        if (!peek().is(kind)) {
            return false;
        }
        at++;
        return true;
    }

    private void expect(Kind kind) throws RenderException {
        if (!skip(kind)) {
            throw error("unexpected \"" + peek().text() + "\"");
        }
    }

    private RenderException error(String message) {
        return new RenderException(peek().line(), message);
    }
}
