package dev.serinus.loadtester;

import java.util.Map;
import java.util.TreeMap;

/** What is answered: text, or JSON where its headers say so. */
record Answer(int status, String body, Map<String, String> headers) {

    Answer {
        headers = Map.copyOf(headers);
    }

    static Answer of(int status, String body) {
        return new Answer(status, body, Map.of());
    }

    static Answer json(String body) {
        return new Answer(200, body, Map.of("Content-Type", "application/json"));
    }

    static Answer forbidden() {
        return of(403, "Forbidden");
    }

    /** The same with a header more. */
    Answer with(String header, String value) {
        Map<String, String> all = new TreeMap<>(headers);
        all.put(header, value);
        return new Answer(status, body, all);
    }
}
