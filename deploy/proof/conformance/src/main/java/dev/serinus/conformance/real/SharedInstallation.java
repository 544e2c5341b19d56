package dev.serinus.conformance.real;

import dev.serinus.conformance.scenario.Flags;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Objects;

/**
 * Sees to it that each scenario finds Serinus running with the flags that it wants: one Serinus at
 * a time, exchanged when nobody uses it any more.
 */
final class SharedInstallation implements AutoCloseable {

    /** Starts Serinus. */
    interface Installing {
        /**
         * @param namespace of the scenario that asked for it
         * @param number of all that were started
         */
        Installed start(Flags flags, String namespace, int number) throws InterruptedException;
    }

    /** A turn; whoever has one gives it back. */
    interface InstallationLease extends AutoCloseable {
        @Override
        void close();
    }

    private final Installing installing;
    private @Nullable Installed running;
    private Flags flags = new Flags(Map.of(), Map.of());
    private @Nullable String only;
    private int users;
    private int started;

    SharedInstallation(Installing installing) {
        this.installing = installing;
    }

    /** Waits until Serinus runs as this scenario wants it. */
    synchronized InstallationLease take(Flags wanted, String scenario) throws InterruptedException {
        String forWhom = wanted.values().isEmpty() ? null : scenario;
        while (users > 0 && !fits(wanted, forWhom)) {
            wait();
        }
        if (running == null || !fits(wanted, forWhom)) {
            stop();
            running = installing.start(wanted, scenario, started++);
            flags = wanted;
            only = forWhom;
        }
        users++;
        return this::giveBack;
    }

    private boolean fits(Flags wanted, @Nullable String forWhom) {
        return running != null && flags.equals(wanted) && Objects.equals(only, forWhom);
    }

    private synchronized void giveBack() {
        users--;
        notifyAll();
    }

    private void stop() {
        if (running != null) {
            running.close();
            running = null;
        }
    }

    @Override
    public synchronized void close() {
        stop();
    }
}
