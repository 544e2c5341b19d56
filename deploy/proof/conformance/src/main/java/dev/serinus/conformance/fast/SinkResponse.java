package dev.serinus.conformance.fast;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.conformance.sink.Answer;

import java.net.URI;
import java.net.http.HttpClient.Version;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Flow;

import javax.net.ssl.SSLSession;

/** The fake server's answer as a client sees it. */
final class SinkResponse<T> implements HttpResponse<T> {

    private final HttpRequest request;
    private final Answer answer;
    private final T body;

    SinkResponse(HttpRequest request, Answer answer, BodyHandler<T> handler) {
        this.request = request;
        this.answer = answer;
        var subscriber =
                handler.apply(
                        new ResponseInfo() {
                            @Override
                            public int statusCode() {
                                return answer.status();
                            }

                            @Override
                            public HttpHeaders headers() {
                                return SinkResponse.this.headers();
                            }

                            @Override
                            public Version version() {
                                return Version.HTTP_1_1;
                            }
                        });
        subscriber.onSubscribe(
                new Flow.Subscription() {
                    @Override
                    public void request(long number) {}

                    @Override
                    public void cancel() {}
                });
        subscriber.onNext(List.of(ByteBuffer.wrap(answer.body().getBytes(UTF_8))));
        subscriber.onComplete();
        this.body = subscriber.getBody().toCompletableFuture().join();
    }

    @Override
    public int statusCode() {
        return answer.status();
    }

    @Override
    public HttpRequest request() {
        return request;
    }

    @Override
    public Optional<HttpResponse<T>> previousResponse() {
        return Optional.empty();
    }

    @Override
    public HttpHeaders headers() {
        return HttpHeaders.of(Map.of("Content-Type", List.of(answer.type())), (_, _) -> true);
    }

    @Override
    public T body() {
        return body;
    }

    @Override
    public Optional<SSLSession> sslSession() {
        return Optional.empty();
    }

    @Override
    public URI uri() {
        return request.uri();
    }

    @Override
    public Version version() {
        return Version.HTTP_1_1;
    }
}
