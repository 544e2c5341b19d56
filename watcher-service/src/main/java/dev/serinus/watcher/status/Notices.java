package dev.serinus.watcher.status;

import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/**
 * Tells the users of a Canary that is left alone why, in a Kubernetes event beside it: nothing of
 * the Canary itself is written. Whoever says the same again is refused by the API server, so it is
 * said once, however often the watcher starts.
 */
public final class Notices {

    private static final Logger LOG = LoggerFactory.getLogger(Notices.class);

    private final KubernetesClient client;

    /** With pauses that double this is a quarter of an hour. */
    private static final int MOST_TRIES = 10;

    private final InstantSource clock;
    private final Duration firstPause;

    public Notices(KubernetesClient client, InstantSource clock) {
        this(client, clock, Duration.ofSeconds(1));
    }

    /** As above, with another pause before the second try. */
    Notices(KubernetesClient client, InstantSource clock, Duration firstPause) {
        this.client = client;
        this.clock = clock;
        this.firstPause = firstPause;
    }

    /** An event to write. */
    private record Notice(ObjectMeta canary, String sentence) {

        String name() {
            return "%s-left-%08x".formatted(canary.getUid(), sentence.hashCode());
        }
    }

    /**
     * Why it is left alone. Returns at once; an API server that does not take it is asked a few
     * times more.
     */
    public void tell(HasMetadata canary, String sentence) {
        tell(new Notice(canary.getMetadata(), sentence));
    }

    private void tell(Notice notice) {
        Thread.ofVirtual().name("notice").start(() -> insist(notice));
    }

    private void insist(Notice notice) {
        Duration pause = firstPause;
        try {
            for (int tries = 1; !written(notice); tries++) {
                if (tries == MOST_TRIES) {
                    LOG.atWarn()
                            .addKeyValue("canary", name(notice))
                            .addKeyValue("sentence", notice.sentence())
                            .log("an event about a Canary was never taken");
                    return;
                }
                Thread.sleep(pause);
                pause = pause.multipliedBy(2);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // the process ends
        }
    }

    private static String name(Notice notice) {
        return notice.canary().getNamespace() + "/" + notice.canary().getName();
    }

    /** False when it is to be tried again. */
    private boolean written(Notice notice) {
        var about = notice.canary();
        String at = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        var event =
                new EventBuilder()
                        .withNewMetadata()
                        .withNamespace(about.getNamespace())
                        .withName(notice.name())
                        .endMetadata()
                        .withNewInvolvedObject()
                        .withApiVersion("flagger.app/v1beta1")
                        .withKind("Canary")
                        .withNamespace(about.getNamespace())
                        .withName(about.getName())
                        .withUid(about.getUid())
                        .endInvolvedObject()
                        .withType("Warning")
                        .withReason("Claimed")
                        .withMessage(notice.sentence())
                        .withNewSource()
                        .withComponent("flagger")
                        .endSource()
                        .withReportingComponent("flagger")
                        .withFirstTimestamp(at)
                        .withLastTimestamp(at)
                        .withCount(1)
                        .build();
        try {
            var _ = client.v1().events().inNamespace(about.getNamespace()).resource(event).create();
            return true;
        } catch (KubernetesClientException answer) {
            boolean said = answer.getCode() == HttpURLConnection.HTTP_CONFLICT;
            boolean gone =
                    answer.getCode() == HttpURLConnection.HTTP_NOT_FOUND
                            || Persistence.isTerminating(answer);
            if (!said && !gone) {
                LOG.atInfo()
                        .addKeyValue("canary", name(notice))
                        .addKeyValue("code", answer.getCode())
                        .log("an event about a Canary was not taken");
            }
            return said || gone;
        }
    }
}
