package dev.serinus.notifier;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;

import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.topic.TopicKind;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Executors;

/** What the notifier of cluster lab is given, and whom it tells. */
final class NotifierInputs {

    private NotifierInputs() {}

    /** Creates these topics, of one partition each. */
    static void provision(KafkaSettings kafka, TopicKind... kinds) throws Exception {
        try (var admin = Admin.create(kafka.with(Map.of()))) {
            admin.createTopics(
                            Arrays.stream(kinds)
                                    .map(kind -> new NewTopic(kind.name("lab"), 1, (short) 1))
                                    .toList())
                    .all()
                    .get();
        }
    }

    /** Creates a resource in the namespace test; its UID. */
    static String apply(
            KubernetesClient client,
            ResourceDefinitionContext kind,
            String name,
            Map<String, Object> spec) {
        var object = new GenericKubernetesResource();
        object.setApiVersion("flagger.app/v1beta1");
        object.setKind(kind.getKind());
        object.setMetadata(new ObjectMetaBuilder().withNamespace("test").withName(name).build());
        object.setAdditionalProperty("spec", spec);
        return client.genericKubernetesResources(kind)
                .resource(object)
                // The client repeats a request that a busy machine answers late.
                .createOr(NonDeletingOperation::update)
                .getMetadata()
                .getUid();
    }

    /** Somebody on a free port of 127.0.0.1 who is told on every path. */
    static HttpServer receiver(HttpHandler told) throws IOException {
        var server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", told);
        server.start();
        return server;
    }
}
