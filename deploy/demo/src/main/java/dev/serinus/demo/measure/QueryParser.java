package dev.serinus.demo.measure;

import static dev.serinus.demo.measure.Expression.Operator.DIVIDED_BY;
import static dev.serinus.demo.measure.Expression.Operator.MINUS;
import static dev.serinus.demo.measure.Expression.Operator.OR;
import static dev.serinus.demo.measure.Expression.Operator.PLUS;
import static dev.serinus.demo.measure.Expression.Operator.TIMES;

import dev.serinus.demo.measure.Expression.Binary;
import dev.serinus.demo.measure.Expression.Literal;
import dev.serinus.demo.measure.Expression.Operator;
import dev.serinus.demo.measure.Expression.Quantile;
import dev.serinus.demo.measure.Expression.Rate;
import dev.serinus.demo.measure.Expression.Sum;
import dev.serinus.demo.measure.Expression.Vector;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Reads a query by recursive descent. What it does not know it refuses by name and place. */
final class QueryParser {

    private static final Pattern TOKEN =
            Pattern.compile(
                    "\\s*(?:(?<word>[a-zA-Z_:][a-zA-Z0-9_:]*)|(?<number>[0-9]*\\.?[0-9]+(?:e[+-]?[0-9]+)?)"
                        + "|\"(?<text>(?:[^\"\\\\]|\\\\.)*)\"|\\[(?<range>[0-9a-z]+)]"
                        + "|(?<sign>=~|!~|!=|[-+*/(){},=]))");
    private static final Pattern DURATION = Pattern.compile("(\\d+)(ms|s|m|h)");

    private record Token(String kind, String text, int place) {}

    private final List<Token> tokens;
    private int next;

    private QueryParser(List<Token> tokens) {
        this.tokens = tokens;
    }

    static Expression parse(String query) {
        var parser = new QueryParser(tokens(query));
        var expression = parser.alternatives();
        parser.expect("end");
        return expression;
    }

    private static List<Token> tokens(String query) {
        List<Token> tokens = new ArrayList<>();
        var matcher = TOKEN.matcher(query);
        int place = 0;
        String text = query.stripTrailing();
        while (place < text.length()) {
            if (!matcher.find(place) || matcher.start() != place) {
                throw new QueryRefused("cannot read the query from position " + place);
            }
            for (String kind : List.of("word", "number", "text", "range", "sign")) {
                if (matcher.group(kind) != null) {
                    String found = matcher.group(kind);
                    tokens.add(new Token(kind.equals("sign") ? found : kind, found, place));
                }
            }
            place = matcher.end();
        }
        tokens.add(new Token("end", "the end", place));
        return tokens;
    }

    private Expression alternatives() {
        return chain(List.of(OR), () -> chain(List.of(PLUS, MINUS), this::product));
    }

    private Expression product() {
        return chain(List.of(TIMES, DIVIDED_BY), this::operand);
    }

    private Expression chain(List<Operator> operators, java.util.function.Supplier<Expression> of) {
        Expression left = of.get();
        while (true) {
            String symbol = peek().text();
            var operator = operators.stream().filter(o -> o.symbol.equals(symbol)).findFirst();
            if (operator.isEmpty() || peek().kind().equals("text")) {
                return left;
            }
            next++;
            left = new Binary(left, operator.get(), of.get());
        }
    }

    private Expression operand() {
        Token token = take();
        return switch (token.kind()) {
            case "number" -> new Literal(Double.parseDouble(token.text()));
            case "(" -> closed(alternatives());
            case "word" -> call(token);
            default -> throw unexpected(token);
        };
    }

    private Expression call(Token function) {
        return switch (function.text()) {
            case "sum" -> sum();
            case "rate" -> {
                expect("(");
                yield closed(rate());
            }
            case "vector" -> {
                expect("(");
                yield closed(new Vector(alternatives()));
            }
            case "histogram_quantile" -> {
                expect("(");
                Expression rank = alternatives();
                expect(",");
                yield closed(new Quantile(rank, alternatives()));
            }
            default -> throw unexpected(function);
        };
    }

    private Expression sum() {
        List<String> before = by();
        expect("(");
        Expression of = closed(alternatives());
        List<String> after = by();
        return new Sum(of, before.isEmpty() ? after : before);
    }

    private List<String> by() {
        List<String> labels = new ArrayList<>();
        if (peek().text().equals("by")) {
            next++;
            expect("(");
            do {
                labels.add(expect("word").text());
            } while (accept(","));
            expect(")");
        }
        return labels;
    }

    private Expression rate() {
        String name = expect("word").text();
        Predicate<Labels> selector = labels -> labels.value(Labels.NAME).equals(name);
        if (accept("{")) {
            while (!accept("}")) {
                selector = selector.and(matcher());
                accept(",");
            }
        }
        return new Rate(selector, duration(expect("range")));
    }

    private Predicate<Labels> matcher() {
        String label = expect("word").text();
        Token sign = take();
        Token value = expect("text");
        return switch (sign.kind()) {
            case "=" -> labels -> labels.value(label).equals(value.text());
            case "!=" -> labels -> !labels.value(label).equals(value.text());
            case "=~" -> matching(label, pattern(value));
            case "!~" -> matching(label, pattern(value)).negate();
            default -> throw unexpected(sign);
        };
    }

    private static Predicate<Labels> matching(String label, Pattern pattern) {
        return labels -> pattern.matcher(labels.value(label)).matches();
    }

    private static Pattern pattern(Token value) {
        try {
            return Pattern.compile(value.text().replace("\\\\", "\\"));
        } catch (PatternSyntaxException wrong) {
            throw new QueryRefused("not a regular expression: " + value.text());
        }
    }

    private static Duration duration(Token token) {
        Duration sum = Duration.ZERO;
        var parts = DURATION.matcher(token.text());
        int read = 0;
        while (parts.find() && parts.start() == read) {
            long count = Long.parseLong(parts.group(1));
            sum =
                    sum.plus(
                            switch (parts.group(2)) {
                                case "ms" -> Duration.ofMillis(count);
                                case "s" -> Duration.ofSeconds(count);
                                case "m" -> Duration.ofMinutes(count);
                                default -> Duration.ofHours(count);
                            });
            read = parts.end();
        }
        if (read != token.text().length()) {
            throw new QueryRefused("not a duration: " + token.text());
        }
        return sum;
    }

    private Expression closed(Expression inner) {
        expect(")");
        return inner;
    }

    private Token peek() {
        return tokens.get(next);
    }

    private Token take() {
        return tokens.get(next++);
    }

    private boolean accept(String kind) {
        boolean found = peek().kind().equals(kind);
        if (found) {
            next++;
        }
        return found;
    }

    private Token expect(String kind) {
        Token token = take();
        if (!token.kind().equals(kind)) {
            throw unexpected(token);
        }
        return token;
    }

    private static QueryRefused unexpected(Token token) {
        return new QueryRefused("did not expect " + token.text() + " at position " + token.place());
    }
}
