package dev.serinus.notifier.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import java.util.List;
import java.util.Map;

/**
 * What another chat service takes: its class, a line in the list, and this contract with bodies.
 */
class PretendNotifierTest extends WebNotifierContract {

    record Pretend() implements WebNotifier {

        @Override
        public String type() {
            return "pretend";
        }

        @Override
        public JsonNode payload(Message message, Destination destination) {
            return JsonNodeFactory.instance.objectNode().put("say", message.text());
        }

        @Override
        public Map<String, String> headers(Destination destination) {
            return destination.token() == null
                    ? Map.of()
                    : Map.of("X-Token", String.valueOf(destination.token()));
        }
    }

    @Override
    protected WebNotifier notifier() {
        return new Pretend();
    }

    @Override
    protected Notifiers notifiers() {
        return new Notifiers(List.of(new Pretend()));
    }
}
