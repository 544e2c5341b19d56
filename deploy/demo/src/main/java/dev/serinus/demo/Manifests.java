package dev.serinus.demo;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import io.fabric8.kubernetes.client.utils.Serialization;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.BinaryOperator;

/** The files of deploy/demo/manifests, which are in the jar. */
final class Manifests {

    private static final YAMLMapper YAML = new YAMLMapper();

    private Manifests() {}

    static InputStream open(String name) {
        var file = Manifests.class.getResourceAsStream("/manifests/" + name);
        if (file == null) {
            throw new IllegalStateException("manifests/" + name + " is not in the jar");
        }
        return file;
    }

    /** One as somebody changes it, who is given its name and its text. */
    static InputStream open(String name, BinaryOperator<String> change) {
        try (var file = open(name)) {
            String yaml = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            return new ByteArrayInputStream(
                    change.apply(name, yaml).getBytes(StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** A patch written as YAML, as the API takes it. */
    static String json(String name) {
        try (var file = open(name)) {
            return Serialization.asJson(YAML.readValue(file, Map.class));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
