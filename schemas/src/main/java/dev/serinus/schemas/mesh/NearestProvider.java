package dev.serinus.schemas.mesh;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The provider that somebody seems to mean who wrote one that nobody knows. */
final class NearestProvider {

    private static final int FEW_SLIPS = 2;

    /** What is shorter begins too many words. */
    private static final int SHORTEST = 3;

    private static final int BEGINNING = 1;

    private NearestProvider() {}

    /**
     * @param far how far apart what was written and a name of the provider are
     */
    private record Guess(String provider, int far) {}

    /** Of these meshes; empty where no name is near. */
    static Optional<String> to(String written, List<Mesh> meshes) {
        String plain = plain(written);
        return meshes.stream()
                .filter(Mesh::isServed)
                .flatMap(mesh -> guesses(plain, mesh))
                .filter(it -> it.far() <= BEGINNING + FEW_SLIPS)
                .min(Comparator.comparingInt(Guess::far))
                .map(Guess::provider);
    }

    private static Stream<Guess> guesses(String plain, Mesh mesh) {
        var providers =
                mesh.providers().stream()
                        .map(it -> new Guess(it.text(), distance(plain, plain(it.text()))));
        var names =
                Stream.concat(mesh.otherNames().stream(), Stream.of(mesh.title()))
                        .map(it -> new Guess(mesh.provider(), distance(plain, plain(it))));
        return Stream.concat(providers, names);
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    private static int distance(String one, String other) {
        if (one.equals(other)) {
            return 0;
        }
        boolean begins =
                Math.min(one.length(), other.length()) >= SHORTEST
                        && (one.startsWith(other) || other.startsWith(one));
        return begins ? BEGINNING : BEGINNING + slips(one, other);
    }

    /** Letters to add, leave out or replace. */
    private static int slips(String one, String other) {
        int[] before = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            before[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int[] now = new int[other.length() + 1];
            now[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int same = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
                now[j] = Math.min(Math.min(now[j - 1], before[j]) + 1, before[j - 1] + same);
            }
            before = now;
        }
        return before[other.length()];
    }
}
