package dev.serinus.images;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is in an image besides its jars, for its papers.
 *
 * @param packages of Debian's; none where the base is an image already
 * @param goPrograms package and version of each
 * @param jdk none where the base is an image already
 * @param cache the ahead-of-time cache, if it has one
 */
record Contents(
        List<DebianPackage> packages,
        List<String> goPrograms,
        Optional<Jdk> jdk,
        @Nullable Path cache) {

    Contents {
        packages = List.copyOf(packages);
        goPrograms = List.copyOf(goPrograms);
    }

    /** Of an image of jars and nothing else. */
    static Contents jarsAlone() {
        return new Contents(List.of(), List.of(), Optional.empty(), null);
    }

    Contents withCache(Path file) {
        return new Contents(packages, goPrograms, jdk, file);
    }
}
