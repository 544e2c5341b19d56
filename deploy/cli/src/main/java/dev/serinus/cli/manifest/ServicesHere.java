package dev.serinus.cli.manifest;

import dev.serinus.loadtester.HookMistakes;
import dev.serinus.notifier.chat.Notifiers;
import dev.serinus.schemas.canary.AlertProviderSpec;
import dev.serinus.schemas.manifest.ServiceRules;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rules of the services, all of which are on this class path. */
public final class ServicesHere implements ServiceRules {

    @Override
    public Set<String> alertTypes() {
        return Notifiers.ALL.types();
    }

    @Override
    public List<String> problems(AlertProviderSpec provider) {
        return Notifiers.ALL.problems(provider);
    }

    @Override
    public List<String> problems(AlertProviderSpec provider, Map<String, String> secret) {
        return Notifiers.ALL.problems(provider, secret);
    }

    @Override
    public List<String> secretKeys() {
        return Notifiers.SECRET_KEYS;
    }

    @Override
    public List<String> problems(LoadTesterHook hook) {
        return HookMistakes.of(hook.type(), hook.path(), hook.metadata(), hook.timeout());
    }
}
