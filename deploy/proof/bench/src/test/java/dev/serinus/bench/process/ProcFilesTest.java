package dev.serinus.bench.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

class ProcFilesTest {

    private static final List<String> STATUS =
            List.of(
                    "Name:\tjava",
                    "VmPeak:\t 3541784 kB",
                    "VmHWM:\t  202752 kB",
                    "VmRSS:\t  153600 kB",
                    "Threads:\t41");

    @Test
    void cpuIsUserAndKernelTimeInHundredthsOfASecond() {
        String stat =
                "4711 (java) S 1 4711 4711 0 -1 1077936384 48231 0 12 0 731 269 5 6 20 0 41 0 8954";

        assertThat(ProcFiles.cpu(stat)).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void aNameWithBlanksAndBracketsDoesNotMoveTheFields() {
        String stat = "7 (my (odd) name) S 1 7 7 0 -1 0 0 0 0 0 3 4 0 0 20 0 1 0 1";

        assertThat(ProcFiles.cpu(stat)).isEqualTo(Duration.ofMillis(70));
    }

    @Test
    void aLineWithoutTimesIsRefused() {
        assertThatThrownBy(() -> ProcFiles.cpu("7 (java) Z 1 7"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void memoryIsReadByNameInMebibytes() {
        assertThat(ProcFiles.mebibytes(STATUS, "VmRSS")).isEqualTo(150);
        assertThat(ProcFiles.mebibytes(STATUS, "VmHWM")).isEqualTo(198);
    }

    @Test
    void aNameThatIsMissingOrNotInKilobytesIsRefused() {
        assertThatThrownBy(() -> ProcFiles.mebibytes(STATUS, "VmSwap"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ProcFiles.mebibytes(STATUS, "Threads"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
