package dev.serinus.images;

import dev.serinus.images.Layer.Entry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Files of Debian's packages of this machine's release. For every image what a JVM needs of a
 * system: the C library, with users, and names of hosts looked up as usual; no shell, no package
 * manager, no programs. For the load tester programs, too, as a layer above.
 */
final class DebianFiles {

    /**
     * By ldd on every native library of the JVM and of the jars; base-files tells what system it
     * is.
     */
    static final List<String> PACKAGES = List.of("base-files", "libc6", "libgcc-s1", "libstdc++6");

    private static final Map<String, String> ETC =
            Map.of(
                    "passwd",
                    """
                    root:x:0:0:root:/root:/sbin/nologin
                    serinus:x:10001:10001:Serinus:/var/lib/serinus:/sbin/nologin
                    """,
                    "group",
                    """
                    root:x:0:
                    serinus:x:10001:
                    """,
                    "nsswitch.conf",
                    """
                    passwd: files
                    group: files
                    hosts: files dns
                    """);

    private static final String CERTIFICATES = "/usr/share/ca-certificates/mozilla/";

    private final Apt apt;
    private final Path work;
    private final Path unpacked;
    private final String layer;
    private final Predicate<String> wanted;
    private final List<Entry> entries = new ArrayList<>();
    private final List<DebianPackage> packages = new ArrayList<>();

    private DebianFiles(Apt apt, Path work, String layer, Predicate<String> wanted)
            throws IOException {
        this.apt = apt;
        this.work = work;
        this.layer = layer;
        this.wanted = wanted;
        this.unpacked = Files.createDirectories(work.resolve("unpacked"));
    }

    /**
     * Fetches programs, with the packages that they depend on and a system does not have yet.
     *
     * @param work a folder that is empty or not there yet
     */
    static DebianFiles programs(Apt apt, List<String> names, Path work) throws IOException {
        var files = new DebianFiles(apt, work, "programs", DebianFiles::isOfProgram);
        for (String name : DebianDependencies.of(apt, names, PACKAGES)) {
            files.add(name);
        }
        files.alias("/usr/bin/mawk", "/usr/bin/awk");
        files.certificates();
        return files;
    }

    /** A name that a package's script would make when it is installed. */
    private void alias(String of, String name) {
        entries.stream()
                .filter(each -> each.target().equals(of))
                .findFirst()
                .ifPresent(each -> entries.add(Entry.file(each.source(), name)));
    }

    /** All authorities that Debian trusts in one file, as programs look for them. */
    private void certificates() throws IOException {
        var all = new StringBuilder();
        for (Entry each : entries) {
            if (each.target().startsWith(CERTIFICATES)) {
                all.append(Files.readString(each.source()));
            }
        }
        entries.removeIf(each -> each.target().startsWith(CERTIFICATES));
        if (!all.isEmpty()) {
            Path file = Files.writeString(work.resolve("ca-certificates.crt"), all);
            entries.add(Entry.file(file, "/etc/ssl/certs/ca-certificates.crt"));
        }
    }

    /**
     * Fetches the packages.
     *
     * @param more besides those of every image
     * @param work a folder that is empty or not there yet
     */
    static DebianFiles system(Apt apt, List<String> more, Path work) throws IOException {
        var files = new DebianFiles(apt, work, "system", DebianFiles::isOfSystem);
        for (String name : Stream.concat(PACKAGES.stream(), more.stream()).toList()) {
            files.add(name);
        }
        for (var each : ETC.entrySet()) {
            Path file = Files.writeString(work.resolve(each.getKey()), each.getValue());
            files.entries.add(Entry.file(file, "/etc/" + each.getKey()));
        }
        Path folder = Files.createDirectories(work.resolve("empty"));
        files.entries.add(Entry.writable(folder, "/tmp", "777"));
        return files;
    }

    Layer layer() {
        return new Layer(layer, entries);
    }

    List<DebianPackage> packages() {
        return List.copyOf(packages);
    }

    private void add(String name) throws IOException {
        Path folder = Files.createDirectories(work.resolve("package-" + name));
        Path archive = apt.download(name, folder);
        Path tree = Files.createDirectories(unpacked.resolve(name));
        Program.in(work, "dpkg-deb", "-x", archive.toString(), tree.toString()).output();
        String control = Program.in(work, "dpkg-deb", "-f", archive.toString()).output();
        packages.add(
                new DebianPackage(name, field(control, "Version"), field(control, "Architecture")));
        // Where those look who list what an image without a package manager has in it.
        Path status = Files.writeString(work.resolve("status-" + name), control);
        entries.add(Entry.file(status, "/var/lib/dpkg/status.d/" + name));
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path each : files.sorted().toList()) {
                add(tree, each);
            }
        }
    }

    private void add(Path tree, Path each) throws IOException {
        String path = "/" + tree.relativize(each);
        if (!wanted.test(path) || Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Path file = target(tree, each);
        if (Files.isRegularFile(file) && !hasAnotherName(each)) {
            entries.add(Entry.file(file, place(path)));
        }
    }

    /**
     * A library is in the image once, by the name that programs ask for, which is that of a link.
     */
    private static boolean hasAnotherName(Path file) throws IOException {
        if (Files.isSymbolicLink(file) || !isLibrary(file.toString())) {
            return false;
        }
        try (Stream<Path> beside = Files.list(Objects.requireNonNull(file.getParent()))) {
            return beside.filter(Files::isSymbolicLink)
                    .anyMatch(link -> leadsTo(link, String.valueOf(file.getFileName())));
        }
    }

    private static boolean leadsTo(Path link, String name) {
        try {
            return Files.readSymbolicLink(link).toString().equals(name);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static boolean isLibrary(String path) {
        return path.matches(".*\\.so(\\.[0-9]+)*");
    }

    private static boolean isOfProgram(String path) {
        return path.matches("(/usr)?/bin/[^/]+")
                || path.matches("/usr/lib(exec)?/bats-core/.+")
                || path.startsWith(CERTIFICATES)
                || isOfSystem(path);
    }

    private static boolean isOfSystem(String path) {
        if (path.contains("/gconv/") || path.contains("/audit/")) {
            return false; // other encodings than the JVM's own, and a debugger's hooks
        }
        return (path.matches("(/usr)?/lib(64)?/.+") && isLibrary(path))
                || path.matches("/usr/share/doc/.+/copyright")
                || path.equals("/usr/lib/os-release")
                || path.equals("/etc/debian_version");
    }

    /**
     * Libraries lie in /lib, to which no link from /usr/lib is needed then, nor the other way
     * round.
     */
    private static String place(String path) {
        if (path.equals("/usr/lib/os-release")) {
            return "/etc/os-release";
        }
        return path.startsWith("/usr/lib") && isLibrary(path)
                ? path.substring("/usr".length())
                : path;
    }

    /** What a link leads to within the package; what leads out of it is none of its files. */
    private static Path target(Path tree, Path each) throws IOException {
        Path at = each;
        while (Files.isSymbolicLink(at)) {
            Path to = Files.readSymbolicLink(at);
            at =
                    to.isAbsolute()
                            ? tree.resolve(
                                    "/".equals(to.toString()) ? "" : to.toString().substring(1))
                            : at.resolveSibling(to).normalize();
        }
        return at;
    }

    private static String field(String control, String name) {
        return control.lines()
                .filter(line -> line.startsWith(name + ": "))
                .map(line -> line.substring(name.length() + 2))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("a package without " + name));
    }
}
