package dev.serinus.watcher.metrics.provider;

import org.jspecify.annotations.Nullable;

import java.io.StringReader;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Reads the XML in which AWS's query protocol answers. */
final class AwsReply {

    private static final int DEEPEST = 32;
    static final int MOST_TEXTS = 10_000;

    private AwsReply() {}

    /**
     * Why AWS refused.
     *
     * @param request its id; empty where it was not said
     */
    record Trouble(String code, String message, String request) {
        String told() {
            return code + ": " + message;
        }
    }

    /** One series of values, as delivered: the newest first. */
    record Result(
            String id,
            String label,
            String status,
            List<String> messages,
            List<String> times,
            List<String> values) {}

    /**
     * The results of a query.
     *
     * @param goOn true where there is more than was delivered
     */
    record Results(List<Result> all, boolean goOn) {
        Results {
            all = List.copyOf(all);
        }
    }

    /** The error in an answer; empty where it has none. */
    static Optional<Trouble> error(String body) {
        var texts = new Texts();
        if (!texts.read(body)) {
            return Optional.empty();
        }
        String code = texts.first("Error/Code");
        return code == null
                ? Optional.empty()
                : Optional.of(
                        new Trouble(
                                code,
                                orEmpty(texts.first("Error/Message")),
                                orEmpty(texts.first("RequestId"))));
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** Credentials of a role, and when they expire; empty where the answer has none. */
    static Optional<ShortLived.Held<AwsKey>> key(String body) {
        var texts = new Texts();
        if (!texts.read(body)) {
            return Optional.empty();
        }
        String id = texts.first("Credentials/AccessKeyId");
        String secret = texts.first("Credentials/SecretAccessKey");
        String until = texts.first("Credentials/Expiration");
        if (id == null || secret == null || until == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new ShortLived.Held<>(
                            new AwsKey(id, secret, texts.first("Credentials/SessionToken")),
                            Instant.parse(until)));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    /** The results of GetMetricData; empty where it is no such answer. */
    static Optional<Results> results(String body) {
        var texts = new Texts();
        if (!texts.read(body) || !texts.root.equals("GetMetricDataResponse")) {
            return Optional.empty();
        }
        List<Result> results = new ArrayList<>();
        for (Map<String, List<String>> member : texts.members) {
            results.add(
                    new Result(
                            first(member, "Id"),
                            first(member, "Label"),
                            first(member, "StatusCode"),
                            member.getOrDefault("Messages/member/Value", List.of()),
                            member.getOrDefault("Timestamps/member", List.of()),
                            member.getOrDefault("Values/member", List.of())));
        }
        return Optional.of(
                new Results(results, texts.first("GetMetricDataResult/NextToken") != null));
    }

    private static String first(Map<String, List<String>> member, String path) {
        return member.getOrDefault(path, List.of("")).getFirst();
    }

    /** The texts of a document by the names of the elements they are in. */
    private static final class Texts {

        private static final String RESULTS =
                "GetMetricDataResponse/GetMetricDataResult/MetricDataResults/member";

        private final Map<String, List<String>> all = new HashMap<>();
        private final List<Map<String, List<String>>> members = new ArrayList<>();
        private String root = "";
        private int count;

        /** False where it is no XML, or more than an answer of AWS has in it. */
        private boolean read(String body) {
            var factory = XMLInputFactory.newDefaultFactory();
            factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
            factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
            factory.setProperty(XMLInputFactory.IS_COALESCING, true);
            try {
                XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(body));
                return read(reader);
            } catch (XMLStreamException _) {
                return false;
            }
        }

        private boolean read(XMLStreamReader reader) throws XMLStreamException {
            Deque<String> path = new ArrayDeque<>();
            var text = new StringBuilder();
            while (reader.hasNext()) {
                switch (reader.next()) {
                    case XMLStreamConstants.START_ELEMENT -> {
                        path.addLast(reader.getLocalName());
                        text.setLength(0);
                        if (path.size() > DEEPEST) {
                            return false;
                        }
                        if (path.size() == 1) {
                            root = reader.getLocalName();
                        }
                        if (String.join("/", path).equals(RESULTS)) {
                            members.add(new HashMap<>());
                        }
                    }
                    case XMLStreamConstants.CHARACTERS -> text.append(reader.getText());
                    case XMLStreamConstants.END_ELEMENT -> {
                        if (!text.toString().isBlank() && !keep(path, text.toString().strip())) {
                            return false;
                        }
                        text.setLength(0);
                        path.removeLast();
                    }
                    default -> {
                        // comments and the like say nothing
                    }
                }
            }
            return true;
        }

        private boolean keep(Deque<String> path, String text) {
            String where = String.join("/", path);
            all.computeIfAbsent(where, _ -> new ArrayList<>()).add(text);
            if (where.startsWith(RESULTS + "/") && !members.isEmpty()) {
                members.getLast()
                        .computeIfAbsent(
                                where.substring(RESULTS.length() + 1), _ -> new ArrayList<>())
                        .add(text);
            }
            return ++count <= MOST_TEXTS;
        }

        /** The first text of an element whose path ends so. */
        private @Nullable String first(String end) {
            return all.entrySet().stream()
                    .filter(each -> ("/" + each.getKey()).endsWith("/" + end))
                    .map(each -> each.getValue().getFirst())
                    .findFirst()
                    .orElse(null);
        }
    }
}
