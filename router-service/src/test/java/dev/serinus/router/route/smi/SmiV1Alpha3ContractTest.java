package dev.serinus.router.route.smi;

import dev.serinus.schemas.mesh.Smi;

class SmiV1Alpha3ContractTest extends SmiContractTest {

    SmiV1Alpha3ContractTest() {
        super(Smi.V1ALPHA3);
    }
}
