package dev.serinus.images.signing;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.interfaces.ECKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;

/** The one kind of signature that every verifier of images knows: ECDSA on P-256, by SHA-256. */
final class P256 {

    static final String SIGNATURE = "SHA256withECDSA";
    private static final ECParameterSpec CURVE = curve();

    private P256() {}

    private static ECParameterSpec curve() {
        try {
            var parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec("secp256r1"));
            return parameters.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("each Java has the curve P-256", broken);
        }
    }

    static boolean isOn(ECKey key) {
        return key.getParams().getCurve().equals(CURVE.getCurve())
                && key.getParams().getOrder().equals(CURVE.getOrder());
    }
}
