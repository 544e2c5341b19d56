package dev.serinus.schemas.canary;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;

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
@JsonDeserialize(using = ResourceReader.AlertProviders.class)
public class AlertProvider extends FlaggerResource<AlertProviderSpec, Void> {

    private static final long serialVersionUID = 1L;
}
