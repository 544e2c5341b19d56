package dev.serinus.notifier.alert;

import dev.serinus.schemas.canary.Revision;
import dev.serinus.schemas.events.Alert;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What this process has told already, the last ten thousand things of it: a record that comes a
 * second time, after its partition wandered off and back, is not told a second time. A new process
 * knows nothing of the old one, so a message may be repeated after a crash.
 */
final class DeliveredAlerts {

    private static final int MOST = 10_000;

    private final Map<String, Boolean> delivered =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                    return size() > MOST;
                }
            };

    /**
     * Names one alert to one receiver, the same after any restart; a decision may have several
     * alerts, so their text counts.
     */
    static String name(Alert alert, String receiver) {
        return "%s/%d/%s/%s"
                .formatted(
                        alert.getUid(),
                        alert.getSequence(),
                        receiver,
                        Revision.digest(alert.getBody().toString()));
    }

    synchronized boolean contains(String name) {
        return delivered.containsKey(name);
    }

    synchronized void add(String name) {
        delivered.put(name, true);
    }
}
