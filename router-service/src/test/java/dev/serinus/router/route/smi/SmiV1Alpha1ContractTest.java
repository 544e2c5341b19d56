package dev.serinus.router.route.smi;

import dev.serinus.schemas.mesh.Smi;

class SmiV1Alpha1ContractTest extends SmiContractTest {

    SmiV1Alpha1ContractTest() {
        super(Smi.V1ALPHA1);
    }
}
