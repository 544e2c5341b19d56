package dev.serinus.watcher.metrics.provider;

import java.util.Optional;

/** The API of Google Cloud Monitoring for one project, asked as whoever we are at Google. */
final class GoogleApi {

    private static final String ADDRESS = "https://monitoring.googleapis.com";
    private static final String PROJECT = "project";

    private final ProviderContext context;
    private final GoogleIdentity identity;
    private final String project;

    GoogleApi(ProviderContext context, GoogleAccounts accounts) throws WrongSettings {
        var settings = context.settings();
        Optional<String> named = Optional.empty();
        boolean hasKey = settings.credential(GoogleIdentity.KEY).isPresent();
        if (settings.credential(PROJECT).isPresent()) {
            named = Optional.of(settings.required(PROJECT));
        } else if (settings.hasSecret() && !hasKey) {
            throw noProject(settings);
        }
        this.context = context;
        this.identity = new GoogleIdentity(context, accounts);
        this.project =
                QueryEncoding.encodePath(
                        named.or(identity::project)
                                .or(() -> ofTheInstallation(context))
                                .orElseThrow(() -> noProject(settings)));
    }

    private static WrongSettings noProject(ProviderSettings settings) {
        return new WrongSettings(
                settings.type()
                        + (settings.hasSecret()
                                ? " credentials does not contain a project id"
                                : " needs a project id: put project into a Secret that secretRef"
                                        + " names, or give the watcher GOOGLE_CLOUD_PROJECT"));
    }

    /** Not that of a Secret, whose account has nothing to do with it. */
    private static Optional<String> ofTheInstallation(ProviderContext context) {
        return context.settings().hasSecret()
                ? Optional.empty()
                : Optional.ofNullable(context.environment().get("GOOGLE_CLOUD_PROJECT"))
                        .filter(name -> !name.isBlank());
    }

    /** The project, as it is written in a path. */
    String project() {
        return project;
    }

    /** Asks the API, as in Flagger at an address that no template could change. */
    BearerApi api() {
        return new BearerApi(context, ADDRESS, identity);
    }
}
