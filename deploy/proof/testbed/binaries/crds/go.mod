// Modules in whose archives the resource definitions of meshes, gateways and autoscalers lie. Only their files are
// taken and nothing is compiled, so that go mod tidy would empty the list: go get MODULE@VERSION changes it, and
// go mod download MODULE writes its sums.
module serinus.dev/testbed/crds

go 1.26.0

require (
	github.com/kedacore/keda/v2 v2.21.0
	github.com/projectcontour/contour v1.33.8
	istio.io/api v1.32.0
	sigs.k8s.io/gateway-api v1.6.3
)
