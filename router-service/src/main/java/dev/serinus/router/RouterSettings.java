package dev.serinus.router;

import dev.serinus.schemas.shell.CheckedSettings;
import dev.serinus.schemas.shell.SettingProblems;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

import java.time.Duration;
import java.util.List;

/**
 * What the router alone is told by {@code SERINUS_ROUTER_*} variables or a configuration file.
 *
 * @param patience how long an answer is held back for what the cluster is about to show
 */
@ConfigurationProperties("serinus.router")
record RouterSettings(@Bindable(defaultValue = "5s") Duration patience) implements CheckedSettings {

    RouterConfig config() {
        return new RouterConfig(patience);
    }

    @Override
    public List<String> problems() {
        return new SettingProblems().of(this::config).all();
    }
}
