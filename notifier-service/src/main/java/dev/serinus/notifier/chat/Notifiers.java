package dev.serinus.notifier.chat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Every chat service there is, by type. */
public final class Notifiers {

    private static final Map<String, Notifier> BY_TYPE =
            List.of(new Slack(), new Discord(), new Rocket(), new MsTeams(), new GoogleChat())
                    .stream()
                    .collect(Collectors.toMap(Notifier::type, Function.identity()));

    private Notifiers() {}

    /** The one that serves this type. */
    public static Optional<Notifier> of(String type) {
        return Optional.ofNullable(BY_TYPE.get(type));
    }
}
