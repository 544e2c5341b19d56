package dev.serinus.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.List;

/** The options of an image's JVM. */
class JavaOptionsTest {

    @Test
    void everyJarIsNamedInOrderAndCommentsStayOut() {
        String options =
                JavaOptions.of(
                        List.of("# why", "-Xmx192m", "-cp /opt/serinus/app/*:/opt/serinus/lib/*"),
                        List.of("/opt/serinus/app/a.jar", "/opt/serinus/lib/b.jar"),
                        List.of("dev.serinus.A"));

        assertThat(options)
                .isEqualTo(
                        """
                        -Xmx192m
                        -cp /opt/serinus/app/a.jar:/opt/serinus/lib/b.jar
                        dev.serinus.A
                        """);
    }

    @Test
    void optionsThatTakeTheirJarsFromElsewhereAreRefused() {
        assertThatThrownBy(() -> JavaOptions.of(List.of("-cp /opt/*"), List.of(), List.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("-cp /opt/serinus/app/*:/opt/serinus/lib/*");
    }
}
