package dev.serinus.analysis.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.rollout.Answer;
import dev.serinus.schemas.events.AuditEntry;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One list of outcomes, wherever they are told. */
class AuditOutcomeTest {

    private static final Path PAGE = Path.of("src/main/resources/dashboard/audit.js");

    @Test
    void thePageKnowsEachAndWhichCameToAnEndAsAsked() throws Exception {
        String page = Files.readString(PAGE);

        assertThat(quoted(page, "const OUTCOMES = \\[(.*)]"))
                .containsExactlyElementsOf(
                        Stream.of(AuditOutcome.values()).map(AuditOutcome::word).toList());
        assertThat(quoted(page, "const DONE = new Set\\(\\[(.*)]"))
                .containsExactlyElementsOf(
                        Stream.of(AuditOutcome.values())
                                .filter(AuditOutcome::isAsAsked)
                                .map(AuditOutcome::word)
                                .toList());
    }

    @Test
    void whoReadsTheTopicIsToldOfEach() {
        String doc = AuditEntry.getClassSchema().getField("outcome").doc();

        assertThat(AuditOutcome.values())
                .allSatisfy(each -> assertThat(doc).containsPattern("\\b" + each.word() + "\\b"));
    }

    @Test
    void whatTheMachineAnswersIsAmongThem() {
        assertThat(Answer.Outcome.values())
                .allSatisfy(each -> assertThat(AuditOutcome.of(each.word())).isPresent());
    }

    private static List<String> quoted(String page, String list) {
        var found = Pattern.compile(list).matcher(page);
        assertThat(found.find()).as(list).isTrue();
        return Pattern.compile("'([^']+)'")
                .matcher(found.group(1))
                .results()
                .map(it -> it.group(1))
                .toList();
    }
}
