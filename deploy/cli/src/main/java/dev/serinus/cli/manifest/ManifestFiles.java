package dev.serinus.cli.manifest;

import dev.serinus.cli.Refused;
import dev.serinus.schemas.manifest.ManifestBounds;
import dev.serinus.schemas.manifest.Manifests;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The resources in YAML and JSON files, of folders all of them. */
final class ManifestFiles {

    private ManifestFiles() {}

    /**
     * Reads files, folders, or for {@code -} the standard input. One that is not there is {@link
     * Refused}.
     */
    static Manifests read(List<String> paths, InputStream input) {
        List<Manifests> all = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (String path : paths) {
            try {
                if (path.equals("-")) {
                    var text = new String(input.readAllBytes(), StandardCharsets.UTF_8);
                    all.add(read("(standard input)", text));
                } else if (!Files.exists(Path.of(path))) {
                    wrong.add("there is no file or folder " + path);
                } else {
                    for (Path file : files(Path.of(path))) {
                        all.add(read(file.toString(), Files.readString(file)));
                    }
                }
            } catch (IOException unreadable) {
                wrong.add("%s cannot be read: %s".formatted(path, unreadable.getMessage()));
            }
        }
        if (!wrong.isEmpty()) {
            throw new Refused(wrong);
        }
        return Manifests.together(all);
    }

    private static Manifests read(String file, String text) {
        return Manifests.read(file, text, ManifestBounds.FILE);
    }

    private static List<Path> files(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> all = Files.walk(path)) {
            return all.filter(Files::isRegularFile)
                    .filter(ManifestFiles::isManifest)
                    .sorted()
                    .toList();
        }
    }

    private static boolean isManifest(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
    }
}
