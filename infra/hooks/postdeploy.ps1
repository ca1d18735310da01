# After the app is deployed: tells Event Grid to tell it of load files that land in the staging area. May be run any number of times.
$ErrorActionPreference = 'Stop'
foreach ($name in 'AZURE_SUBSCRIPTION_ID', 'AZURE_RESOURCE_GROUP', 'AZURE_FUNCTION_APP_NAME', 'EVENT_TOPIC_NAME', 'DATA_STORAGE_NAME', 'DEAD_LETTER_CONTAINER', 'SERVICE_APP_URI') {
    if (-not [Environment]::GetEnvironmentVariable($name)) { throw "$name is not set: run this by azd (azd hooks run postdeploy)." }
}
if (-not (Get-Command az -ErrorAction SilentlyContinue)) { throw 'The Azure CLI is needed: https://aka.ms/azure-cli' }
# Azure CLI and azd each choose a subscription; this is azd's.
az account show --subscription $env:AZURE_SUBSCRIPTION_ID --output none
if ($LASTEXITCODE -ne 0) { throw 'Sign in first: az login' }

# The blob extension makes its key when the app first starts, and a request starts it.
$key = ''
for ($try = 1; -not $key; $try++) {
    if ($try -gt 30) { throw "The app made no key for its blob trigger within five minutes. Does it start? See $env:SERVICE_APP_URI/api/health" }
    if ($try -gt 1) { Start-Sleep -Seconds 10 }
    try { Invoke-WebRequest -Uri "$env:SERVICE_APP_URI/api/health" -TimeoutSec 60 | Out-Null } catch { Write-Verbose "Not yet: $_" }
    $key = az functionapp keys list --subscription $env:AZURE_SUBSCRIPTION_ID --name $env:AZURE_FUNCTION_APP_NAME --resource-group $env:AZURE_RESOURCE_GROUP `
        --query systemKeys.blobs_extension --output tsv 2>$null
}

# By the environment, not the command line: other users of the machine can read that.
$env:BLOBS_EXTENSION_KEY = $key
try {
    az deployment group create --subscription $env:AZURE_SUBSCRIPTION_ID --name uploads --resource-group $env:AZURE_RESOURCE_GROUP --output none `
        --parameters (Join-Path $PSScriptRoot 'uploads.bicepparam')
    if ($LASTEXITCODE -ne 0) { throw 'The subscription to uploads could not be made.' }
}
finally { $env:BLOBS_EXTENSION_KEY = $null }
Write-Output 'Load files that land in import folders of the staging area start jobs.'
