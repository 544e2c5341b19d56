package dev.serinus.loadtester.command;

import dev.serinus.loadtester.task.Ended;
import dev.serinus.loadtester.task.Outcome;
import dev.serinus.loadtester.task.Task;
import dev.serinus.loadtester.task.TaskType;
import dev.serinus.loadtester.task.Work;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What reads a command, under Flagger's names. */
public enum CommandType implements TaskType {
    /** Run in the background: the hook is answered before it ends. */
    CMD("cmd"),
    BASH("bash"),
    HELM("helm"),
    HELMV3("helmv3"),
    KUBECTL("kubectl");

    private static final String COMMAND = "cmd";

    /** Linux takes 128 KiB as one argument of a program. */
    private static final int LONGEST = 65_536;

    private final String title;

    CommandType(String title) {
        this.title = title;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public boolean isWaitedFor() {
        return this != CMD;
    }

    @Override
    public List<String> needs() {
        return List.of(COMMAND);
    }

    /** The command alone: as in Flagger the same one is known, whatever else is said. */
    @Override
    public Map<String, String> settings(Map<String, String> metadata) {
        return Map.of(COMMAND, metadata.getOrDefault(COMMAND, ""));
    }

    @Override
    public Work work(Task task) throws Unusable {
        String command = task.setting(COMMAND);
        if (command.isBlank()) {
            throw new Unusable("cmd not found in metadata");
        }
        if (command.length() > LONGEST) {
            throw new Unusable("metadata.cmd may have 65536 characters; put it into a file");
        }
        List<String> words = words(command);
        return (run, limits) -> new Execution(limits).of(run, words);
    }

    private List<String> words(String command) throws Unusable {
        return switch (this) {
            case CMD -> List.of("sh", "-c", command);
            case BASH -> List.of("bash", "-c", command);
            case HELM, HELMV3 -> with("helm", command);
            case KUBECTL -> with("kubectl", command);
        };
    }

    private static List<String> with(String program, String command) throws Unusable {
        List<String> words = new ArrayList<>(List.of(program));
        try {
            words.addAll(Words.of(command));
        } catch (IllegalArgumentException unreadable) {
            throw new Unusable("metadata.cmd: " + unreadable.getMessage());
        }
        return words;
    }

    /** In Flagger's words, which do not say which limit it was that ended it. */
    @Override
    public String failure(Task task, Ended how) {
        String because = how.outcome() == Outcome.TIMED_OUT ? Ended.KILLED : how.because();
        return "command %s failed: %s: %s".formatted(task.setting(COMMAND), how.output(), because);
    }
}
