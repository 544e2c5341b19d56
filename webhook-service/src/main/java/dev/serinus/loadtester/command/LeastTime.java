package dev.serinus.loadtester.command;

import dev.serinus.schemas.canary.Durations;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** How long a command of a shell takes at least, as far as its words alone are certain to say. */
public final class LeastTime {

    /** Behind these it depends on more than the words what is run, and how often. */
    private static final Set<String> UNTIL =
            Set.of(
                    "if",
                    "while",
                    "until",
                    "for",
                    "case",
                    "select",
                    "function",
                    "exit",
                    "exec",
                    "return",
                    "trap",
                    "source",
                    ".",
                    "eval",
                    "alias",
                    "{",
                    "(",
                    "((",
                    "[[");

    /** Programs that go on for the time that follows a flag, whatever is answered. */
    private static final Map<String, String> TIMED = Map.of("hey", "-z", "ghz", "-z");

    private static final Pattern SLEEP = Pattern.compile("([0-9]{1,9}(\\.[0-9]{1,9})?)([smhd]?)");

    private LeastTime() {}

    /** Zero where nothing is certain. */
    public static Duration of(String command) {
        var least = Duration.ZERO;
        for (Statement statement : statements(command)) {
            List<String> words = List.of(statement.text().strip().split("\\s+"));
            String first = words.getFirst();
            if (UNTIL.contains(first) || first.endsWith("()") || first.startsWith("(")) {
                break;
            }
            if (!statement.apart()) {
                least = least.plus(of(words).orElse(Duration.ZERO));
            }
        }
        return least;
    }

    private static Optional<Duration> of(List<String> words) {
        if (words.getFirst().equals("sleep")) {
            var all = Duration.ZERO;
            for (String word : words.subList(1, words.size())) {
                if (word.contains(">") || word.contains("<")) {
                    continue; // where its output goes
                }
                var read = SLEEP.matcher(word);
                if (!read.matches()) {
                    return Optional.empty();
                }
                long millis =
                        new BigDecimal(read.group(1))
                                .multiply(BigDecimal.valueOf(1_000L * seconds(read.group(3))))
                                .longValue();
                all = all.plusMillis(millis);
            }
            return Optional.of(all);
        }
        int flag = words.indexOf(TIMED.getOrDefault(words.getFirst(), ""));
        return flag < 0 || flag + 1 >= words.size()
                ? Optional.empty()
                : Durations.parse(words.get(flag + 1)).filter(Duration::isPositive);
    }

    private static int seconds(String unit) {
        return switch (unit) {
            case "m" -> 60;
            case "h" -> 3_600;
            case "d" -> 86_400;
            default -> 1;
        };
    }

    /**
     * What is run in any case, one after the other.
     *
     * @param apart it is not waited for, or its words are not all that there is to say
     */
    private record Statement(String text, boolean apart) {}

    /** Of what hangs together by && and || only the first is run in any case. */
    private static List<Statement> statements(String command) {
        List<Statement> all = new ArrayList<>();
        var text = new StringBuilder();
        char quote = 0;
        boolean conditional = false;
        boolean piped = false;
        for (int at = 0; at < command.length(); at++) {
            char c = command.charAt(at);
            char next = at + 1 < command.length() ? command.charAt(at + 1) : '\n';
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '\\') {
                at++;
                c = ' ';
            } else if (c == '\'' || c == '"' || c == '`') {
                quote = c;
            } else if (c == '#' && (text.isEmpty() || text.charAt(text.length() - 1) <= ' ')) {
                at = endOfLine(command, at) - 1;
                continue;
            } else if (c == '<' && next == '<') {
                break; // what follows is no command
            } else if ((c == '&' || c == '|') && c == next) {
                conditional = true;
                at++;
                continue;
            } else if (c == '&' && (next == '>' || text.toString().endsWith(">"))) {
                continue; // a redirection
            } else if (c == '|') {
                piped = true;
            } else if (c == '\n' || c == ';' || c == '&') {
                all.add(new Statement(text.toString(), piped || c == '&'));
                text.setLength(0);
                conditional = false;
                piped = false;
                continue;
            }
            if (!conditional) {
                text.append(c);
            }
        }
        if (quote == 0) {
            all.add(new Statement(text.toString(), piped));
        }
        return all;
    }

    private static int endOfLine(String text, int from) {
        int end = text.indexOf('\n', from);
        return end < 0 ? text.length() : end;
    }
}
