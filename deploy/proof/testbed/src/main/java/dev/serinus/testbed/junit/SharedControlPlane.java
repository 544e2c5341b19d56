package dev.serinus.testbed.junit;

import dev.serinus.testbed.ControlPlane;
import dev.serinus.testbed.Definitions;
import dev.serinus.testbed.binaries.Binaries;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The control plane of this JVM: one that runs already, or one that ends with the JVM. */
final class SharedControlPlane implements AutoCloseable {

    private static final String RUNNING = "serinus.testbed.dir";
    private static final String PERMISSIVE = "serinus.testbed.permissive";

    private final ControlPlane plane;
    private final boolean ours;

    private SharedControlPlane(ControlPlane plane, boolean ours) {
        this.plane = plane;
        this.ours = ours;
    }

    /** Why there can be none; null when there can. */
    static @Nullable String whyNot() {
        if (System.getProperty(RUNNING) != null || Binaries.find().isPresent()) {
            return null;
        }
        return "the control plane's programs are not in %s: deploy/serinus testbed build makes them with Go"
                .formatted(Binaries.place());
    }

    static SharedControlPlane start() {
        String running = System.getProperty(RUNNING);
        if (running != null) {
            return new SharedControlPlane(
                    ControlPlane.in(Path.of(running))
                            .orElseThrow(
                                    () ->
                                            new IllegalStateException(
                                                    RUNNING
                                                            + " names a directory in which no"
                                                            + " control plane was started: "
                                                            + running)),
                    false);
        }
        try {
            Path directory = Files.createTempDirectory("serinus-testbed-");
            return new SharedControlPlane(
                    ControlPlane.untilThisJvmEnds(
                            Binaries.find().orElseThrow(),
                            directory,
                            Boolean.getBoolean(PERMISSIVE)
                                    ? Definitions.PERMISSIVE
                                    : Definitions.PUBLISHED),
                    true);
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
    }

    ControlPlane plane() {
        return plane;
    }

    @Override
    public void close() {
        if (ours) {
            plane.down();
            plane.forget();
        }
    }
}
