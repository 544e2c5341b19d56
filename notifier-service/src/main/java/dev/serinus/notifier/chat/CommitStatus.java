package dev.serinus.notifier.chat;

import dev.serinus.schemas.outgoing.Addresses;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What statuses of commits have in common, wherever the commits are. */
final class CommitStatus {

    private CommitStatus() {}

    /** A commit that nobody names has no status, and neither has one that is only tried. */
    static boolean isTold(Subject subject) {
        return subject.release().commit() != null
                && subject.status() != Status.INITIALIZED
                && !subject.dryRun();
    }

    static List<String> problems(Notifier notifier, Destination destination) {
        List<String> problems = new ArrayList<>();
        if (destination.token() == null) {
            problems.add("its Secret needs the key token, which may write commit statuses");
        }
        notifier.wrongAddress(destination.address())
                .ifPresent(wrong -> problems.add("its address " + wrong));
        return problems;
    }

    static Optional<String> wrongAddress(String address, String example) {
        return Addresses.parse(address).filter(CommitStatus::isRepository).isPresent()
                ? Optional.empty()
                : Optional.of("must be a repository, such as " + example);
    }

    private static boolean isRepository(URI address) {
        return repository(address).substring(site(address).length()).matches("/[^/]+/.*[^/]");
    }

    private static String site(URI address) {
        return address.getScheme() + "://" + address.getRawAuthority();
    }

    /** The address without what comes behind the repository's name. */
    static String repository(URI address) {
        String path = Addresses.withoutSlashesAtTheEnd(address.getRawPath());
        String git = ".git";
        return site(address)
                + (path.endsWith(git) ? path.substring(0, path.length() - git.length()) : path);
    }

    /** Each canary has a line of its own at the commit. */
    static String context(Subject subject) {
        return Message.cut(
                "serinus/%s/%s/%s"
                        .formatted(
                                subject.canary().cluster(),
                                subject.canary().namespace(),
                                subject.canary().name()),
                255);
    }

    /** One line: what failed is worth more than that it did. Which revision, the commit says. */
    static String line(Message message) {
        Subject subject = message.subject();
        return Stream.of(
                        Stream.of(message.text()),
                        subject.failed().stream(),
                        SituationText.now(subject).map(now -> "Now: " + now).stream())
                .flatMap(Function.identity())
                .collect(Collectors.joining("; "))
                .replace("\n", "; ");
    }
}
