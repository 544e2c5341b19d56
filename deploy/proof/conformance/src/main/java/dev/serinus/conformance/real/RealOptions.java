package dev.serinus.conformance.real;

import dev.serinus.conformance.recording.Recording;
import dev.serinus.conformance.run.Stage;
import dev.serinus.conformance.scenario.Library;
import dev.serinus.testbed.ControlPlane;
import dev.serinus.testbed.Definitions;
import dev.serinus.testbed.binaries.Binaries;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The flags of a run on a real API server. */
public final class RealOptions {

    @Option(
            names = "--real",
            description =
                    "On a real API server, in real time; needs the test bed's programs"
                            + " (deploy/serinus testbed build).")
    private boolean real;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description =
                    "With --real: how many scenarios are played beside each other (default:"
                            + " ${DEFAULT-VALUE}).")
    private int batch = 12;

    @Option(
            names = "--pace",
            paramLabel = "N",
            description =
                    "With --real: how many times faster than recorded, where a scenario bears it;"
                            + " 1 for as recorded (default: ${DEFAULT-VALUE}).")
    private int pace = 5;

    /** True when a real one is wanted. */
    public boolean asked() {
        return real;
    }

    /** What is wrong with the flags or missing on this machine; empty when nothing is. */
    public Optional<String> problem() {
        if (batch < 1 || batch > 40) {
            return Optional.of("--batch must be 1 to 40");
        }
        if (pace < 1 || pace > 10) {
            return Optional.of("--pace must be 1 to 10");
        }
        return Binaries.find().isPresent()
                ? Optional.empty()
                : Optional.of(
                        "the test bed's programs are missing: deploy/serinus testbed build makes"
                                + " them with Go");
    }

    /** A stage on a control plane of its own, which ends with it. */
    public Stage stage(Library library) throws IOException, InterruptedException {
        var plane = plane();
        return new OnItsOwn(new RealStage(library, plane, batch, pace), plane);
    }

    /** Such a stage for reports, all of which are played at once. */
    public Stage reportStage(Library library) throws IOException, InterruptedException {
        var plane = plane();
        return new OnItsOwn(RealStage.withPods(library, plane, library.reports().size(), 1), plane);
    }

    private static ControlPlane plane() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("serinus-testbed-");
        return ControlPlane.untilThisJvmEnds(
                Binaries.find().orElseThrow(), directory, Definitions.PERMISSIVE);
    }

    /** Takes its control plane down with it. */
    private record OnItsOwn(RealStage stage, ControlPlane plane) implements Stage {

        @Override
        public Recording play(String scenario) throws InterruptedException {
            return stage.play(scenario);
        }

        @Override
        public List<String> inOrder(List<String> scenarios) {
            return stage.inOrder(scenarios);
        }

        @Override
        public int atOnce() {
            return stage.atOnce();
        }

        @Override
        public void close() {
            stage.close();
            plane.down();
            plane.forget();
        }
    }
}
