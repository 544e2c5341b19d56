package dev.serinus.demo.measure;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The labels of a series; its name is the label {@code __name__}. */
record Labels(Map<String, String> values) {

    static final String NAME = "__name__";
    static final Labels NONE = new Labels(Map.of());

    Labels {
        values = Map.copyOf(values);
    }

    /** The value of a label; a label that is absent has the empty value, as in PromQL. */
    String value(String label) {
        return values.getOrDefault(label, "");
    }

    Labels with(String label, String value) {
        var more = new HashMap<>(values);
        more.put(label, value);
        return new Labels(more);
    }

    Labels without(String label) {
        var fewer = new HashMap<>(values);
        fewer.remove(label);
        return new Labels(fewer);
    }

    Labels only(List<String> labels) {
        var kept = new HashMap<>(values);
        kept.keySet().retainAll(labels);
        return new Labels(kept);
    }
}
