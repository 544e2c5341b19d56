package dev.serinus.analysis.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.topic.CanaryKey;

import org.junit.jupiter.api.Test;

import java.util.Map;

/** What a call may mean, before any rule is asked about it. */
class HookCallTest {

    private static final CanaryKey OWN = new CanaryKey("eu", "shop", "api");
    private static final CanaryKey OTHER = new CanaryKey("us", "shop-us", "api-us");
    private static final CanaryKey BESIDE = new CanaryKey("us", "shop-us", "cart");

    @Test
    void whoNamesACanaryMeansNoOther() {
        var call = call(Map.of("region", "us", "canary", "api-us"));

        assertThat(call.mayMean(OTHER, true)).isTrue();
        assertThat(call.mayMean(OWN, true)).isTrue();
        assertThat(call.mayMean(BESIDE, true)).isFalse();
    }

    @Test
    void whoNamesAClusterAloneMeansWhatIsThere() {
        var call = call(Map.of("region", "us"));

        assertThat(call.namesCluster("us"::equals)).isTrue();
        assertThat(call.mayMean(BESIDE, true)).isTrue();
        assertThat(call.mayMean(new CanaryKey("ap", "shop-us", "cart"), true)).isFalse();
    }

    @Test
    void whoNamesNeitherMeansNobodyOfAnotherName() {
        var call = call(Map.of("region", "us-east-1"));

        assertThat(call.namesCluster("us"::equals)).isFalse();
        assertThat(call.mayMean(OTHER, false)).isFalse();
        assertThat(call.mayMean(BESIDE, false)).isFalse();
    }

    private static HookCall call(Map<String, String> metadata) {
        return new HookCall(OWN.namespace(), OWN.name(), "Progressing", metadata);
    }
}
