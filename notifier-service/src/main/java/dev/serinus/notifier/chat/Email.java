package dev.serinus.notifier.chat;

import dev.serinus.notifier.mail.Mail;
import dev.serinus.notifier.mail.MailServer;
import dev.serinus.schemas.canary.AlertProviderSpec;
import dev.serinus.schemas.events.AlertField;

import org.jspecify.annotations.Nullable;

import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/** Mail, by SMTP: a plain text, and the same in HTML. */
public record Email() implements MailNotifier {

    static final int MOST_RECEIVERS = 20;
    private static final int LONGEST_SUBJECT = 150;

    /**
     * As {@code NAME@DOMAIN}, without quotes and comments, of which nothing can end a header, and
     * with something between dots.
     */
    private static final Pattern ADDRESS =
            Pattern.compile(
                    "(?=[^@]{1,64}@[^@]{1,189}$)"
                            + "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
                            + "@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"
                            + "(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*");

    @Override
    public String type() {
        return "email";
    }

    @Override
    public List<String> problems(AlertProviderSpec spec) {
        List<String> problems =
                problems(
                        Objects.requireNonNullElse(spec.from(), ""),
                        Objects.requireNonNullElse(spec.to(), List.of()),
                        spec.proxy());
        String address = Objects.requireNonNullElse(spec.address(), "");
        if (!address.isBlank()) {
            wrongAddress(address).ifPresent(wrong -> problems.add("spec.address " + wrong));
        }
        return problems;
    }

    @Override
    public List<String> problems(Destination destination) {
        var envelope = destination.options().envelope();
        List<String> problems = problems(envelope.from(), envelope.to(), destination.proxy());
        if ((envelope.user() == null) != (envelope.password() == null)) {
            problems.add("its Secret needs both of the keys username and password, or neither");
        }
        wrongAddress(destination.address())
                .ifPresent(wrong -> problems.add("its address " + wrong));
        Optional<MailServer> server = MailServer.parse(destination.address());
        if (envelope.logsIn() && server.filter(it -> !it.keepsSecrets()).isPresent()) {
            problems.add("a password needs TLS: ?starttls=optional has to be left out");
        }
        return problems;
    }

    private static List<String> problems(String from, List<String> to, @Nullable String proxy) {
        List<String> problems = new ArrayList<>();
        if (!ADDRESS.matcher(from).matches()) {
            problems.add("spec.from must be a mail address, such as serinus@shop.example");
        }
        if (to.isEmpty() || to.size() > MOST_RECEIVERS) {
            problems.add("spec.to must have 1 to %d mail addresses".formatted(MOST_RECEIVERS));
        }
        for (int place = 0; place < to.size(); place++) {
            if (!ADDRESS.matcher(to.get(place)).matches()) {
                problems.add("spec.to[%d] must be a mail address".formatted(place));
            }
        }
        if (proxy != null && !proxy.isBlank()) {
            problems.add("spec.proxy has to be left out: mails do not go through HTTP proxies");
        }
        return problems;
    }

    @Override
    public Mail mail(Message message, Destination destination) {
        return new Mail(
                message.key(),
                destination.options().envelope(),
                destination.username(),
                Message.cut(
                        message.subject().status() == Status.DIGEST
                                ? message.text()
                                : message.canary() + ": " + message.text(),
                        LONGEST_SUBJECT),
                text(message),
                html(message));
    }

    private static String text(Message message) {
        var text = new StringBuilder(message.text()).append('\n');
        if (!message.explainedFields().isEmpty()) {
            text.append('\n');
        }
        for (AlertField field : message.explainedFields()) {
            text.append(field.getName()).append(": ").append(field.getValue()).append('\n');
        }
        text.append('\n').append(message.canary()).append(time(message)).append('\n');
        if (message.subject().link() != null) {
            text.append(message.subject().link()).append('\n');
        }
        return text.toString();
    }

    private static String html(Message message) {
        var html =
                new StringBuilder(
                        "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head><body>\n");
        html.append("<p>").append(lines(message.text())).append("</p>\n");
        if (!message.explainedFields().isEmpty()) {
            html.append("<table>\n");
            for (AlertField field : message.explainedFields()) {
                html.append("<tr><th align=\"left\">")
                        .append(lines(field.getName()))
                        .append("</th><td>")
                        .append(lines(field.getValue()))
                        .append("</td></tr>\n");
            }
            html.append("</table>\n");
        }
        html.append("<p>").append(Html.escaped(message.canary() + time(message))).append("</p>\n");
        if (message.subject().link() != null) {
            html.append("<p><a href=\"")
                    .append(Html.escaped(message.subject().link()))
                    .append("\">")
                    .append(message.subject().linkTitle())
                    .append("</a></p>\n");
        }
        return html.append("</body></html>\n").toString();
    }

    private static String lines(String text) {
        return Html.escaped(text).replace("\n", "<br>");
    }

    private static String time(Message message) {
        var at = message.subject().at();
        return at.getEpochSecond() > 0 ? ", " + at.truncatedTo(ChronoUnit.SECONDS) : "";
    }
}
