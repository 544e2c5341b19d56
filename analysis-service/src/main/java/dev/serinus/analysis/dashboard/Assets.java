package dev.serinus.analysis.dashboard;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The files of the dashboard, on the class path: its own, and those of the libraries as their
 * packages bring them. Nothing else of the class path is found.
 */
final class Assets {

    /** Under which path they are served. */
    static final String PATH = "/dashboard/";

    private static final Map<String, String> TYPES =
            Map.of(
                    "js", "text/javascript",
                    "css", "text/css",
                    "svg", "image/svg+xml",
                    "html", "text/html");

    private static final Pattern OWN = Pattern.compile("[a-z-]+\\.(?<type>js|css|svg)");
    private static final Pattern LIBRARY =
            Pattern.compile(
                    "lib/(?<name>[a-z_-]+)@(?<version>[0-9.]+)/"
                            + "(?<file>([a-z-]+/)*[A-Za-z-]+(\\.esm|\\.min)?\\.(?<type>js|css))");

    /** A module by the name that imports it, or the folder of several. */
    private record Module(String name, String library, String file) {}

    private static final List<Module> MODULES =
            List.of(
                    new Module("lit", "lit", "index.js"),
                    new Module("lit/", "lit", ""),
                    new Module("lit-html", "lit-html", "lit-html.js"),
                    new Module("lit-html/", "lit-html", ""),
                    new Module("lit-element/", "lit-element", ""),
                    new Module(
                            "@lit/reactive-element",
                            "lit__reactive-element",
                            "reactive-element.js"),
                    new Module("uplot", "uplot", "dist/uPlot.esm.js"));

    private final Map<String, Asset> read = new ConcurrentHashMap<>();
    private final Map<String, String> versions = new ConcurrentHashMap<>();
    private final String imports = imports();
    private final Asset page =
            new Asset(
                    content("dashboard/index.html")
                            .orElseThrow(() -> new IllegalStateException("the page is missing"))
                            .replace("@imports@", imports)
                            .replace("@uplot@", library("uplot")),
                    TYPES.get("html") + ";charset=utf-8",
                    false);

    /** The page that loads all others. */
    Asset page() {
        return page;
    }

    /** By which a browser knows the one script that stands in the page. */
    String importsHash() {
        return "sha256-" + Asset.sha256(imports);
    }

    /** A file by its path below {@link #PATH}; empty for what is none of the dashboard's. */
    Optional<Asset> find(String path) {
        Asset known = read.get(path);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<Asset> found = own(path).or(() -> ofLibrary(path));
        found.ifPresent(asset -> read.put(path, asset));
        return found;
    }

    private static Optional<Asset> own(String path) {
        var matcher = OWN.matcher(path);
        return matcher.matches()
                ? content("dashboard/" + path)
                        .map(text -> new Asset(text, type(matcher.group("type")), false))
                : Optional.empty();
    }

    private Optional<Asset> ofLibrary(String path) {
        var matcher = LIBRARY.matcher(path);
        if (!matcher.matches()
                || MODULES.stream().noneMatch(it -> it.library().equals(matcher.group("name")))
                || !matcher.group("version").equals(version(matcher.group("name")))) {
            return Optional.empty();
        }
        return content(
                        "META-INF/resources/webjars/%s/%s/%s"
                                .formatted(
                                        matcher.group("name"),
                                        matcher.group("version"),
                                        matcher.group("file")))
                .map(text -> new Asset(text, type(matcher.group("type")), true));
    }

    private String imports() {
        return MODULES.stream()
                .map(
                        each ->
                                "\"%s\":\"%s%s\""
                                        .formatted(
                                                each.name(), library(each.library()), each.file()))
                .collect(Collectors.joining(",", "{\"imports\":{", "}}"));
    }

    private String library(String name) {
        return "%slib/%s@%s/".formatted(PATH, name, version(name));
    }

    /** Each package says which it is. */
    private String version(String name) {
        return versions.computeIfAbsent(
                name,
                _ -> {
                    var properties = new Properties();
                    String file =
                            "META-INF/maven/org.webjars.npm/%s/pom.properties".formatted(name);
                    try (InputStream in = Assets.class.getClassLoader().getResourceAsStream(file)) {
                        if (in == null) {
                            throw new IllegalStateException("not on the class path: " + file);
                        }
                        properties.load(in);
                    } catch (IOException unreadable) {
                        throw new UncheckedIOException(unreadable);
                    }
                    return properties.getProperty("version");
                });
    }

    private static String type(String extension) {
        return TYPES.get(extension) + ";charset=utf-8";
    }

    private static Optional<String> content(String resource) {
        try (InputStream in = Assets.class.getClassLoader().getResourceAsStream(resource)) {
            return in == null
                    ? Optional.empty()
                    : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
