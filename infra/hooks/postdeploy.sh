#!/bin/sh
# After the app is deployed: tells Event Grid to tell it of load files that land in the staging area. May be run any number of times.
set -eu
for name in AZURE_SUBSCRIPTION_ID AZURE_RESOURCE_GROUP AZURE_FUNCTION_APP_NAME EVENT_TOPIC_NAME DATA_STORAGE_NAME DEAD_LETTER_CONTAINER SERVICE_APP_URI; do
    eval "value=\${$name:-}"
    [ -n "$value" ] || { echo "$name is not set: run this by azd, or after: eval \"\$(azd env get-values)\"" >&2; exit 1; }
done
command -v az >/dev/null || { echo "The Azure CLI is needed: https://aka.ms/azure-cli" >&2; exit 1; }
# Azure CLI and azd each choose a subscription; this is azd's.
az account show --subscription "$AZURE_SUBSCRIPTION_ID" --output none || { echo "Sign in first: az login" >&2; exit 1; }

# The blob extension makes its key when the app first starts, and a request starts it.
key=
tries=0
said=$(mktemp)
trap 'rm -f "$said"' EXIT
while [ -z "$key" ]; do
    tries=$((tries + 1))
    [ "$tries" -le 30 ] || { echo "The app made no key for its blob trigger within five minutes. Does it start? See $SERVICE_APP_URI/api/health" >&2; cat "$said" >&2; exit 1; }
    [ "$tries" -eq 1 ] || sleep 10
    curl --silent --output /dev/null --max-time 60 "$SERVICE_APP_URI/api/health" || true
    key=$(az functionapp keys list --subscription "$AZURE_SUBSCRIPTION_ID" --name "$AZURE_FUNCTION_APP_NAME" --resource-group "$AZURE_RESOURCE_GROUP" \
        --query systemKeys.blobs_extension --output tsv 2>"$said" || true)
done

# By the environment, not the command line: other users of the machine can read that.
BLOBS_EXTENSION_KEY=$key
export BLOBS_EXTENSION_KEY
az deployment group create --subscription "$AZURE_SUBSCRIPTION_ID" --name uploads --resource-group "$AZURE_RESOURCE_GROUP" --output none \
    --parameters "$(dirname "$0")/uploads.bicepparam"
echo "Load files that land in import folders of the staging area start jobs."
