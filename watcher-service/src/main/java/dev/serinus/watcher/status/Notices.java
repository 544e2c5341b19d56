package dev.serinus.watcher.status;

import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.HttpURLConnection;
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
    private final InstantSource clock;

    public Notices(KubernetesClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    /** Returns at once; an API server that does not take it is no reason to say it twice. */
    public void tell(HasMetadata canary, String sentence) {
        Thread.ofVirtual().name("notice").start(() -> write(canary, sentence));
    }

    private void write(HasMetadata canary, String sentence) {
        var about = canary.getMetadata();
        String at = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        var event =
                new EventBuilder()
                        .withNewMetadata()
                        .withNamespace(about.getNamespace())
                        .withName("%s-left-%08x".formatted(about.getUid(), sentence.hashCode()))
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
                        .withMessage(sentence)
                        .withNewSource()
                        .withComponent("serinus")
                        .endSource()
                        .withReportingComponent("serinus")
                        .withFirstTimestamp(at)
                        .withLastTimestamp(at)
                        .withCount(1)
                        .build();
        try {
            var _ = client.v1().events().inNamespace(about.getNamespace()).resource(event).create();
        } catch (KubernetesClientException answer) {
            if (answer.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                LOG.atInfo()
                        .addKeyValue("canary", about.getNamespace() + "/" + about.getName())
                        .addKeyValue("code", answer.getCode())
                        .log("the event that it is left alone was not taken");
            }
        }
    }
}
