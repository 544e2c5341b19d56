package dev.serinus.schemas.shell;

import dev.serinus.schemas.outgoing.AddressGuard;
import dev.serinus.schemas.outgoing.Network;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

import java.util.List;

/**
 * Where calls that a Canary asks for may go, for every service that makes them.
 *
 * @param allowLinkLocal let them go to link-local and metadata addresses
 * @param denyNetworks networks that none may go to, as CIDRs separated by commas or blanks
 */
@ConfigurationProperties("serinus")
public record OutgoingSettings(
        @Bindable(defaultValue = "false") boolean allowLinkLocal,
        @Bindable(defaultValue = "") String denyNetworks)
        implements CheckedSettings {

    /** What judges the addresses of calls. */
    public AddressGuard guard() {
        try {
            return new AddressGuard(allowLinkLocal, Network.list(denyNetworks));
        } catch (IllegalArgumentException unreadable) {
            throw new IllegalArgumentException(
                    "SERINUS_DENY_NETWORKS: " + unreadable.getMessage(), unreadable);
        }
    }

    @Override
    public List<String> problems() {
        return new SettingProblems().of(this::guard).all();
    }
}
