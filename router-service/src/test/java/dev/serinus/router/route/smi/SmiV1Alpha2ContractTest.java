package dev.serinus.router.route.smi;

import dev.serinus.schemas.mesh.Smi;

class SmiV1Alpha2ContractTest extends SmiContractTest {

    SmiV1Alpha2ContractTest() {
        super(Smi.V1ALPHA2);
    }
}
