package dev.serinus.loadtester.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What reads a command: {@code metadata.type} of a hook, under Flagger's names. */
public enum CommandType {
    /** Run in the background: the hook is answered before it ends. */
    CMD("cmd"),
    BASH("bash"),
    HELM("helm"),
    HELMV3("helmv3"),
    KUBECTL("kubectl");

    private final String title;

    CommandType(String title) {
        this.title = title;
    }

    /** As a manifest writes it. */
    public String title() {
        return title;
    }

    public static Optional<CommandType> of(String written) {
        return Stream.of(values()).filter(type -> type.title.equals(written)).findFirst();
    }

    /** Whether the hook waits for its end. */
    public boolean isWaitedFor() {
        return this != CMD;
    }

    /** What is started; a quote that is not closed is an {@link IllegalArgumentException}. */
    List<String> words(String command) {
        return switch (this) {
            case CMD -> List.of("sh", "-c", command);
            case BASH -> List.of("bash", "-c", command);
            case HELM, HELMV3 -> with("helm", command);
            case KUBECTL -> with("kubectl", command);
        };
    }

    private static List<String> with(String program, String command) {
        List<String> words = new ArrayList<>(List.of(program));
        words.addAll(Words.of(command));
        return words;
    }
}
