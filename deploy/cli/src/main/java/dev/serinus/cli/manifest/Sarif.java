package dev.serinus.cli.manifest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.schemas.manifest.Finding;
import dev.serinus.schemas.shell.Version;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Findings as SARIF 2.1.0, which code hosts show beside the lines of a change. */
final class Sarif {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Map<String, String> RULES =
            new TreeMap<>(
                    Map.ofEntries(
                            Map.entry("yaml", "The file can be read."),
                            Map.entry("schema", "The API server takes the resource."),
                            Map.entry("unknown-field", "Every field is known."),
                            Map.entry("rule", "The resource obeys the rules of Serinus."),
                            Map.entry("unused", "Every field has an effect."),
                            Map.entry("hint", "The resource works as its author may think."),
                            Map.entry("risk", "A bad release is noticed before it does harm."),
                            Map.entry("default", "What is not set is what its author wants."),
                            Map.entry("fragment", "Every part of a Canary stands in one."),
                            Map.entry("target", "What is released fits its Canary."),
                            Map.entry("reference", "What is referred to is there."),
                            Map.entry("secret", "Secrets have the keys that are needed.")));

    private Sarif() {}

    static ObjectNode of(List<Finding> findings) {
        ObjectNode root =
                JSON.createObjectNode()
                        .put("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
                        .put("version", "2.1.0");
        ObjectNode run = root.putArray("runs").addObject();
        ObjectNode driver = run.putObject("tool").putObject("driver");
        driver.put("name", "serinus lint").put("version", Version.current().version());
        var rules = driver.putArray("rules");
        RULES.forEach(
                (id, text) ->
                        rules.addObject()
                                .put("id", id)
                                .putObject("shortDescription")
                                .put("text", text));
        var results = run.putArray("results");
        for (Finding finding : findings) {
            ObjectNode result =
                    results.addObject()
                            .put("ruleId", finding.rule())
                            .put("level", finding.level().word());
            result.putObject("message")
                    .put(
                            "text",
                            finding.about().isEmpty()
                                    ? finding.words()
                                    : finding.about() + ": " + finding.words());
            ObjectNode place = result.putArray("locations").addObject();
            ObjectNode physical = place.putObject("physicalLocation");
            physical.putObject("artifactLocation").put("uri", uri(finding.file()));
            physical.putObject("region").put("startLine", finding.line());
        }
        return root;
    }

    private static String uri(String file) {
        return file.replace('\\', '/').replace(" ", "%20");
    }
}
