package dev.serinus.schemas.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.schemas.canary.AlertProviderSpec;
import dev.serinus.schemas.canary.HeaderRules;
import dev.serinus.schemas.hook.HookSecrets;

import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is wrong with Secrets that stand in the same files as whoever names them. No value of theirs
 * is told.
 */
final class SecretMistakes {

    private static final String ITS = "its Secret";
    private static final String ADDRESS = "address";
    private static final String ITS_ADDRESS = ITS + " has the key " + ADDRESS + ", which ";
    private static final String SIGNING_KEY = "signingKey";
    private static final String UNKNOWN = "unknown";

    private SecretMistakes() {}

    /** Of one that an AlertProvider names. */
    static List<String> of(AlertProviderSpec provider, Manifest secret, ServiceRules services) {
        Map<String, String> values = values(secret.object());
        List<String> mistakes = new ArrayList<>();
        for (String problem : services.problems(provider, judged(values))) {
            // What its manifest shows by itself is told there, and values may be put in later.
            boolean unknown =
                    UNKNOWN.equals(values.get(ADDRESS)) && problem.startsWith(ITS_ADDRESS);
            if (problem.startsWith(ITS) && !unknown) {
                mistakes.add(where(secret) + problem.substring(ITS.length()));
            }
        }
        return mistakes;
    }

    /** Keys of one that an AlertProvider names, which look like others that are read. */
    static List<String> ofKeys(Manifest secret, ServiceRules services) {
        Set<String> written = Set.copyOf(keys(secret.object()));
        List<String> mistakes = new ArrayList<>();
        for (String key : new TreeSet<>(written)) {
            if (!services.secretKeys().contains(key)) {
                Slips.nearest(key, services.secretKeys())
                        .filter(meant -> !written.contains(meant))
                        .ifPresent(
                                meant ->
                                        mistakes.add(
                                                "%s has the key %s, which is not read; is %s meant?"
                                                        .formatted(where(secret), key, meant)));
            }
        }
        return mistakes;
    }

    /** What the API server will refuse of one, unless something else is put there before. */
    static List<String> ofValues(Manifest secret) {
        boolean refused =
                secret.object()
                        .path("data")
                        .valueStream()
                        .map(JsonNode::asText)
                        .anyMatch(each -> !isPutInLater(each) && decoded(each).isEmpty());
        return refused
                ? List.of(where(secret) + " has a value in data that is no base64")
                : List.of();
    }

    /** Of one whose keys a hook has as headers. */
    static List<String> ofHeaders(Manifest secret) {
        List<String> mistakes = new ArrayList<>();
        Map<String, String> labels = new HashMap<>();
        secret.object()
                .at("/metadata/labels")
                .properties()
                .forEach(each -> labels.put(each.getKey(), each.getValue().asText()));
        if (!HookSecrets.mayBeTold(labels)) {
            mistakes.add(
                    "%s has no label %s: \"true\", which says that hooks may be told it: the hook fails"
                            .formatted(where(secret), HookSecrets.LABEL));
        }
        for (String key : keys(secret.object())) {
            if (!HeaderRules.isHeader(key, "")) {
                mistakes.add(
                        "%s has the key %s, which cannot be sent as a header"
                                .formatted(where(secret), Finding.cut(key)));
            } else if (isTakenForAToken(key)) {
                mistakes.add(
                        "%s has the key %s, which is sent as a header of that name; is Authorization meant, with Bearer before the token?"
                                .formatted(where(secret), Finding.cut(key)));
            }
        }
        return mistakes;
    }

    private static boolean isTakenForAToken(String key) {
        return key.equalsIgnoreCase("token")
                || key.equalsIgnoreCase("bearer")
                || key.equalsIgnoreCase("password");
    }

    private static String where(Manifest secret) {
        return "the Secret %s (%s:%d)"
                .formatted(secret.name(), secret.file(), secret.line("metadata"));
    }

    private static List<String> keys(JsonNode secret) {
        List<String> keys = new ArrayList<>();
        for (String field : List.of("data", "stringData")) {
            secret.path(field).fieldNames().forEachRemaining(keys::add);
        }
        return keys;
    }

    /**
     * As the API server makes them of data and stringData, of which the latter counts. What is no
     * base64 is a value that nobody knows yet.
     */
    private static Map<String, String> values(JsonNode secret) {
        Map<String, String> values = new TreeMap<>();
        secret.path("data")
                .properties()
                .forEach(
                        each ->
                                values.put(
                                        each.getKey(),
                                        decoded(each.getValue().asText()).orElse(UNKNOWN)));
        secret.path("stringData")
                .properties()
                .forEach(
                        each -> {
                            String written = each.getValue().asText();
                            values.put(each.getKey(), isPutInLater(written) ? UNKNOWN : written);
                        });
        return values;
    }

    /** Those that are there, without one whose own form would be judged and is not known. */
    private static Map<String, String> judged(Map<String, String> values) {
        Map<String, String> judged = new TreeMap<>(values);
        judged.remove(SIGNING_KEY, UNKNOWN);
        return judged;
    }

    /** Encrypted by SOPS, or filled in by Flux. */
    static boolean isPutInLater(String written) {
        return written.startsWith("ENC[") || written.contains("${");
    }

    /** Ends of lines are passed over, as the API server does. */
    private static Optional<String> decoded(String written) {
        try {
            byte[] bytes = Base64.getDecoder().decode(written.replaceAll("[\\r\\n]", "").strip());
            return Optional.of(new String(bytes, UTF_8));
        } catch (IllegalArgumentException unknown) {
            return Optional.empty();
        }
    }
}
