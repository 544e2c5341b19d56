package dev.serinus.schemas.canary;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** A chat service that alerts go to. */
@Group("flagger.app")
@Version("v1beta1")
@Kind("AlertProvider")
@Plural("alertproviders")
@Singular("alertprovider")
public class AlertProvider extends CustomResource<AlertProviderSpec, Void> implements Namespaced {

    private static final long serialVersionUID = 1L;
}
