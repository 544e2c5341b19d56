package dev.serinus.dataplane.proxy;

import dev.serinus.dataplane.cluster.Shares;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What a proxy has taken over and when, by looking again and again at what it says of itself. So
 * nothing has to be counted from a fixed time after a write on, however busy the machine is.
 */
public final class ProxyView implements AutoCloseable {

    private static final long PERIOD_MS = 50;

    /**
     * @param before when the last look began that showed it otherwise
     * @param at when the second look ended that showed it so
     */
    private record Taken(long before, long at, Shares shares) {}

    /** Since when it shows this, not yet seen twice. */
    private record Sight(long before, Shares shares) {}

    private final Admin admin;
    private final Map<String, List<Taken>> history = new HashMap<>(); // guarded by itself
    private final Map<String, Sight> sights = new HashMap<>(); // of the one thread
    private long lastBegan = System.nanoTime(); // likewise
    private final ScheduledExecutorService looking =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("proxy-view").factory());

    ProxyView(Admin admin) {
        this.admin = admin;
    }

    /** Looks from now on; while the proxy does not answer it shows nothing new. */
    static ProxyView of(Admin admin) {
        var view = new ProxyView(admin);
        var _ =
                view.looking.scheduleWithFixedDelay(
                        view::look, 0, PERIOD_MS, TimeUnit.MILLISECONDS);
        return view;
    }

    private void look() {
        long began = System.nanoTime();
        try {
            saw(admin.shares(), began, System.nanoTime());
        } catch (IOException notUp) {
            // It is asked again soon.
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    /** What one look showed, that began and ended at these times. */
    void saw(Map<String, Shares> now, long began, long ended) {
        now.forEach(
                (app, shares) -> {
                    var sight = sights.get(app);
                    if (sight == null || !sight.shares().equals(shares)) {
                        sights.put(app, new Sight(lastBegan, shares));
                    } else {
                        keep(app, new Taken(sight.before(), ended, shares));
                    }
                });
        lastBegan = began;
    }

    private void keep(String app, Taken taken) {
        synchronized (history) {
            var all = history.computeIfAbsent(app, _ -> new ArrayList<>());
            if (all.isEmpty() || !all.getLast().shares().equals(taken.shares())) {
                all.add(taken);
            }
        }
    }

    /**
     * From when on, after this time, all requests are served so: of those that are sent later none
     * goes another way. Empty when that is not so yet.
     */
    public OptionalLong takenAt(String app, Shares shares, long after) {
        synchronized (history) {
            var all = history.getOrDefault(app, List.of());
            for (int i = 0; i < all.size(); i++) {
                boolean over = i + 1 < all.size() && all.get(i + 1).before() <= after;
                if (!over && all.get(i).shares().equals(shares)) {
                    return OptionalLong.of(Math.max(all.get(i).at(), after));
                }
            }
            return OptionalLong.empty();
        }
    }

    /** Until when, after this time, it surely went on to be served as it was then. */
    public OptionalLong leftAfter(String app, long taken) {
        synchronized (history) {
            return history.getOrDefault(app, List.of()).stream()
                    .filter(it -> it.at() > taken)
                    .mapToLong(Taken::before)
                    .findFirst();
        }
    }

    /** True while the proxy may send requests to this address and port. */
    public boolean sendsTo(String address) {
        try {
            return admin.backends().contains(address);
        } catch (IOException unknown) {
            return true;
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        looking.shutdownNow();
    }
}
