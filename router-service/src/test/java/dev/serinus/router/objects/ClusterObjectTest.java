package dev.serinus.router.objects;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When an object is as it shall be. */
class ClusterObjectTest {

    private static final Ref REF = Kind.SERVICE.named("test", "shop");

    private static ClusterObject written(long timeout) {
        return ClusterObject.blank(REF).edited(it -> it.spec().put("timeout", timeout));
    }

    private static ClusterObject asTheServerGivesIt(ClusterObject object)
            throws JsonProcessingException {
        return new ClusterObject(
                REF, new ObjectMapper().readValue(object.json().toString(), ObjectNode.class));
    }

    @Test
    void aNumberIsTheSameWhetherItWasWrittenHereOrReadFromTheServer()
            throws JsonProcessingException {
        var change = new Change(asTheServerGivesIt(written(2000)), written(2000));

        assertThat(change.isEffective()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"2000, 2001", "0, 1"})
    void anotherNumberIsWritten(long live, long wanted) throws JsonProcessingException {
        var change = new Change(asTheServerGivesIt(written(live)), written(wanted));

        assertThat(change.isEffective()).isTrue();
    }
}
