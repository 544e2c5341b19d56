package dev.serinus.watcher.metrics.provider;

/**
 * Sends what a provider sends as whoever its template says, so that no provider needs to know of
 * that.
 */
record AuthenticatedHttp(ProviderHttp http, Authentication auth) implements PassingHttp {

    @Override
    public Request given(Request request) {
        var proved = auth.tls() == null ? request : request.by(auth.tls());
        String bearer = auth.bearer();
        return bearer == null ? proved : proved.with("Authorization", "Bearer " + bearer);
    }
}
