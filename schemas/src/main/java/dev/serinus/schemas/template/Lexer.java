package dev.serinus.schemas.template;

import dev.serinus.schemas.template.Token.Kind;

import java.util.ArrayList;
import java.util.List;

/** Cuts a template into tokens; trims text beside {@code {{-} and {@code -}}}, drops comments. */
final class Lexer {

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;
    private boolean trimNext;

    private Lexer(String source) {
        this.source = source;
    }

    static List<Token> tokens(String source) throws RenderException {
        var lexer = new Lexer(source);
        lexer.run();
        return lexer.tokens;
    }

    private void run() throws RenderException {
        while (at < source.length()) {
            int open = source.indexOf("{{", at);
            String text = source.substring(at, open < 0 ? source.length() : open);
            boolean trimsBefore =
                    open >= 0
                            && source.startsWith("-", open + 2)
                            && open + 3 < source.length()
                            && Character.isWhitespace(source.charAt(open + 3));
            text(text, trimsBefore);
            if (open < 0) {
                break;
            }
            at = open + (trimsBefore ? 3 : 2);
            if (!comment()) {
                action();
            }
        }
        add(Kind.END, "");
    }

    private void text(String text, boolean trimsBefore) {
        String kept = trimNext ? text.stripLeading() : text;
        kept = trimsBefore ? kept.stripTrailing() : kept;
        if (!kept.isEmpty()) {
            add(Kind.TEXT, kept);
        }
        line += Math.toIntExact(text.chars().filter(c -> c == '\n').count());
        at += text.length();
        trimNext = false;
    }

    private boolean comment() throws RenderException {
        int start = at;
        while (start < source.length() && Character.isWhitespace(source.charAt(start))) {
            start++;
        }
        if (!source.startsWith("/*", start)) {
            return false;
        }
        int end = source.indexOf("*/", start);
        if (end < 0) {
            throw error("unclosed comment");
        }
        line += Math.toIntExact(source.substring(at, end).chars().filter(c -> c == '\n').count());
        at = end + 2;
        if (!close()) {
            throw error("comment ends before closing delimiter");
        }
        tokens.removeLast(); // the comment's own end
        return true;
    }

    /** Skips white space, and the end of the action if it comes then. */
    private boolean close() {
        int end = at;
        while (end < source.length() && Character.isWhitespace(source.charAt(end))) {
            line += source.charAt(end) == '\n' ? 1 : 0;
            end++;
        }
        boolean trims = end > at && source.startsWith("-}}", end);
        if (!trims && !source.startsWith("}}", end)) {
            at = end;
            return false;
        }
        trimNext = trims;
        at = end + (trims ? 3 : 2);
        add(Kind.CLOSE, "");
        return true;
    }

    private void action() throws RenderException {
        while (!close()) {
            if (at >= source.length()) {
                throw error("unclosed action");
            }
            token(source.charAt(at));
        }
    }

    private void token(char c) throws RenderException {
        switch (c) {
            case '|' -> take(Kind.PIPE, 1);
            case '(' -> take(Kind.OPEN_PAREN, 1);
            case ')' -> take(Kind.CLOSE_PAREN, 1);
            case ',' -> take(Kind.COMMA, 1);
            case '=' -> take(Kind.ASSIGN, 1);
            case ':' -> {
                if (!source.startsWith(":=", at)) {
                    throw error("expected :=");
                }
                take(Kind.DECLARE, 2);
            }
            case '"' -> quoted();
            case '`' -> raw();
            case '$' -> take(Kind.VARIABLE, 1 + nameLength(at + 1));
            case '.' -> {
                int name = nameLength(at + 1);
                Kind field = isBehindAnOperand() ? Kind.CHAINED : Kind.FIELD;
                take(name == 0 ? Kind.DOT : field, 1 + name);
            }
            default -> {
                if (Character.isDigit(c) || ((c == '-' || c == '+') && digitAt(at + 1))) {
                    number();
                } else if (nameLength(at) > 0) {
                    take(Kind.WORD, nameLength(at));
                } else {
                    throw error("unexpected " + c);
                }
            }
        }
    }

    private boolean isBehindAnOperand() {
        char before = at == 0 ? ' ' : source.charAt(at - 1);
        return Character.isLetterOrDigit(before) || "_$)\"`".indexOf(before) >= 0;
    }

    private boolean digitAt(int index) {
        return index < source.length() && Character.isDigit(source.charAt(index));
    }

    private int nameLength(int from) {
        int end = from;
        while (end < source.length()
                && (Character.isLetterOrDigit(source.charAt(end)) || source.charAt(end) == '_')) {
            end++;
        }
        return end - from;
    }

    private void number() {
        int end = at + 1;
        while (end < source.length()
                && (Character.isLetterOrDigit(source.charAt(end)) || source.charAt(end) == '.')) {
            end++;
        }
        take(Kind.NUMBER, end - at);
    }

    private void quoted() throws RenderException {
        var text = new StringBuilder();
        int end = at + 1;
        while (end < source.length() && source.charAt(end) != '"') {
            char c = source.charAt(end++);
            if (c == '\n') {
                throw error("unterminated quoted string");
            }
            text.append(c);
            if (c == '\\' && end < source.length()) {
                text.append(source.charAt(end++));
            }
        }
        if (end >= source.length()) {
            throw error("unterminated quoted string");
        }
        try {
            // Go's escapes that Java shares; others are refused by translateEscapes.
            add(Kind.STRING, text.toString().translateEscapes());
        } catch (IllegalArgumentException _) {
            throw error("unknown escape in a quoted string");
        }
        at = end + 1;
    }

    private void raw() throws RenderException {
        int end = source.indexOf('`', at + 1);
        if (end < 0) {
            throw error("unterminated raw quoted string");
        }
        String text = source.substring(at + 1, end);
        add(Kind.STRING, text);
        line += Math.toIntExact(text.chars().filter(c -> c == '\n').count());
        at = end + 1;
    }

    private void take(Kind kind, int length) {
        add(kind, source.substring(at, at + length));
        at += length;
    }

    private void add(Kind kind, String text) {
        tokens.add(new Token(kind, text, line));
    }

    private RenderException error(String message) {
        return new RenderException(line, message);
    }
}
