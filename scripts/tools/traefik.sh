#!/usr/bin/env bash
# traefik.sh MODULE FOLDER
#
# Writes into FOLDER what Traefik is built from for the tests: the sources that MODULE/go.mod pins, without the clients of DNS hosts (the
# authority is asked over HTTP here), of Kubernetes and of Amazon ECS (the services are a Swarm's). They are three quarters of what would
# be fetched and compiled. How arguments and labels are read, routers made and certificates asked for is untouched.
# Prints the go.mod to build with.
set -euo pipefail

module=$1 folder=$2
traefik=github.com/traefik/traefik/v3
lego=$(awk '$1 ~ /^github.com\/go-acme\/lego\// { print $1 }' "$module/go.mod")

# copy NAME MODULE: a module's sources, writable.
copy() {
  local place
  place=$(cd "$module" && GOFLAGS=-mod=readonly go mod download -json "$2" | sed -n 's/^[[:space:]]*"Dir": "\(.*\)",$/\1/p')
  cp -R "$place" "$folder/$1"
  chmod -R u+w "$folder/$1"
}

mkdir -p "$folder"
copy traefik "$traefik"
copy lego "$lego"

cat >"$folder/lego/providers/dns/zz_gen_dns_providers.go" <<GO
package dns

import (
	"fmt"

	"$lego/challenge"
)

func NewDNSChallengeProviderByName(name string) (challenge.Provider, error) {
	return nil, fmt.Errorf("built without the client of %s", name)
}
GO

for place in kubernetes/crd kubernetes/gateway kubernetes/ingress kubernetes/ingress-nginx kubernetes/knative ecs; do
  rm -r "${folder:?}/traefik/pkg/provider/$place"
  mkdir "$folder/traefik/pkg/provider/$place"
  name=${place##*/}
  cat >"$folder/traefik/pkg/provider/$place/provider.go" <<GO
package ${name//-/}

import (
	"errors"

	"$traefik/pkg/config/dynamic"
	"$traefik/pkg/safe"
)

type Entrypoint struct {
	Address        string
	HasHTTPTLSConf bool
}

type Provider struct {
	EntryPoints                                               map[string]Entrypoint
	NonTLSEntryPoints                                         []string
	DefaultRuleSyntax, WatchNamespace, WatchNamespaceSelector string
}

func (*Provider) FillExtensionBuilderRegistry(any) {}

func (*Provider) Init() error { return errors.New("built without this provider") }

func (*Provider) Provide(chan<- dynamic.Message, *safe.Pool) error { return nil }
GO
done

cat >"$folder/traefik/pkg/types/k8sdetector.go" <<'GO'
package types

import (
	"context"

	"go.opentelemetry.io/otel/sdk/resource"
)

type K8sAttributesDetector struct{}

func (K8sAttributesDetector) Detect(context.Context) (*resource.Resource, error) {
	return resource.Empty(), nil
}
GO

cp "$module/go.mod" "$folder/traefik.mod"
cp "$module/go.sum" "$folder/traefik.sum"
go mod edit -replace "$traefik=$folder/traefik" -replace "$lego=$folder/lego" "$folder/traefik.mod"
echo "$folder/traefik.mod"
