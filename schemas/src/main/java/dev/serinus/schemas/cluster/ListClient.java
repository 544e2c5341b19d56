package dev.serinus.schemas.cluster;

import static com.fasterxml.jackson.annotation.Nulls.AS_EMPTY;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.impl.BaseClient;
import io.fabric8.kubernetes.client.impl.KubernetesClientImpl;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * A client for one list and its watch: asks for pages of a size that fits, and for metadata alone
 * where that is enough. It shares connections and threads with the client it is made of, and is
 * never closed itself.
 */
final class ListClient {

    private static final Pattern LIMIT = Pattern.compile("(?<=[?&])limit=\\d+");

    /** In the order of preference: an API server that knows no metadata lists sends the objects. */
    private static final String METADATA =
            "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";

    private static final String METADATA_OF_ONE =
            "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";

    /** As deep as an API server reads, and a little more for the list around it. */
    private static final int DEEPEST = 10_100;

    private static final KubernetesSerialization LENIENT = lenient();

    private ListClient() {}

    static KubernetesClient of(KubernetesClient client, boolean metadataOnly) {
        var http =
                client.getHttpClient()
                        .newBuilder()
                        .addOrReplaceInterceptor("serinus-list", new Pages(metadataOnly))
                        .build();
        var base = client.adapt(BaseClient.class);
        return new KubernetesClientImpl(
                http, client.getConfiguration(), () -> base.getExecutor(), LENIENT);
    }

    /**
     * An API server writes {@code items: null} for a list of metadata that has none. It also takes
     * objects that are nested more deeply than a parser does by default, and a list that cannot be
     * read hides all the others in it.
     */
    private static KubernetesSerialization lenient() {
        var mapper =
                new ObjectMapper(
                        JsonFactory.builder()
                                .streamReadConstraints(
                                        StreamReadConstraints.builder()
                                                .maxNestingDepth(DEEPEST)
                                                .build())
                                .build());
        mapper.configOverride(List.class).setSetterInfo(JsonSetter.Value.forValueNulls(AS_EMPTY));
        return new KubernetesSerialization(mapper, true);
    }

    private static final class Pages implements Interceptor {

        private final boolean metadataOnly;
        private final PageSize size = new PageSize();

        /** Bytes of the page that is read, or was read last: one list asks for one at a time. */
        private final AtomicLong read = new AtomicLong();

        Pages(boolean metadataOnly) {
            this.metadataOnly = metadataOnly;
        }

        @Override
        public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
            String uri = request.uri().toString();
            var limit = LIMIT.matcher(uri);
            boolean list = limit.find();
            if (list) {
                size.read(read.getAndSet(0));
                builder.uri(URI.create(limit.replaceFirst("limit=" + size.limit())));
            }
            if (metadataOnly) {
                builder.setHeader("Accept", list ? METADATA : METADATA_OF_ONE);
            }
        }

        @Override
        public AsyncBody.Consumer<List<ByteBuffer>> consumer(
                AsyncBody.Consumer<List<ByteBuffer>> consumer, HttpRequest request) {
            if (!LIMIT.matcher(request.uri().toString()).find()) {
                return consumer;
            }
            return (buffers, body) -> {
                long bytes =
                        read.addAndGet(buffers.stream().mapToLong(ByteBuffer::remaining).sum());
                if (size.isTooLarge(bytes)) {
                    size.tooLarge();
                    read.set(0);
                    body.cancel();
                    throw new IOException("a page of a list is larger than it may be");
                }
                consumer.consume(buffers, body);
            };
        }
    }
}
