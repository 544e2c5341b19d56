package dev.serinus.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.loadtester.HookMistakes;
import dev.serinus.notifier.chat.Notifiers;
import dev.serinus.router.FileCheck;
import dev.serinus.schemas.canary.AlertProviderSpec;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.manifest.ServiceRules;

import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    public List<ObjectProblem> problems(
            Canary canary,
            Installation installation,
            List<JsonNode> objects,
            List<Weight> weights) {
        return FileCheck.of(canary, installation, objects, weights).stream()
                .map(it -> new ObjectProblem(it.object(), it.path(), it.words(), it.level()))
                .toList();
    }

    @Override
    public Optional<String> askedOfTarget(Canary canary, List<Weight> weights) {
        return FileCheck.asked(canary, weights);
    }

    @Override
    public Optional<Weight> share(Weight weight, JsonNode target) {
        return FileCheck.share(weight, target);
    }

    @Override
    public List<String> problems(LoadTesterHook hook) {
        return HookMistakes.of(hook.type(), hook.path(), hook.metadata(), hook.timeout());
    }
}
