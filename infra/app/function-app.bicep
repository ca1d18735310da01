// The app on Flex Consumption. The platform knows language and version from functionAppConfig: settings such as FUNCTIONS_WORKER_RUNTIME are
// refused or ignored there.
param name string
param plan string
param location string
param tags object
param identity string
param hostStorage string
param packageContainer string

@description('Virtual network that the app sends from; empty: none.')
param network string
param maximumInstances int
param alwaysReadyForUploads int
param applicationInsights string

@description('In zones: the storage account of the host has to be, too.')
param isZoneRedundant bool

@description('Settings of the app, beside those about its identity.')
param settings object

@description('Settings that an operator puts in place of any of them.')
param overrides object

resource appIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identity
}

resource host 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: hostStorage
}

resource telemetry 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsights
}

resource vnet 'Microsoft.Network/virtualNetworks@2024-07-01' existing = if (!empty(network)) {
  name: network

  resource subnet 'subnets' existing = {
    name: 'app'
  }
}

resource flex 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: plan
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true, zoneRedundant: isZoneRedundant }
}

resource app 'Microsoft.Web/sites@2024-11-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'app' })
  kind: 'functionapp,linux'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${appIdentity.id}': {} } }
  properties: {
    serverFarmId: flex.id
    httpsOnly: true
    keyVaultReferenceIdentity: appIdentity.id
    virtualNetworkSubnetId: empty(network) ? null : vnet::subnet.id
    // Flex Consumption refuses other properties of sites, ftpsState among them: there is no FTP to switch off.
    siteConfig: { minTlsVersion: '1.2', scmMinTlsVersion: '1.2', http20Enabled: true }
    functionAppConfig: {
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${host.properties.primaryEndpoints.blob}${packageContainer}'
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: appIdentity.id }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: 2048
        maximumInstanceCount: maximumInstances
        // One instance is always there for orchestrators and activities: a job starts at once, and the queues of an app at rest are read.
        alwaysReady: concat(
          [{ name: 'durable', instanceCount: 1 }],
          alwaysReadyForUploads > 0 ? [{ name: 'blob', instanceCount: alwaysReadyForUploads }] : []
        )
      }
    }
  }

  resource appsettings 'config' = {
    name: 'appsettings'
    properties: union(
      settings,
      {
        // The identity of the app, for Azure.Identity, for the connections of the host, and for Application Insights.
        AZURE_CLIENT_ID: appIdentity.properties.clientId
        AzureWebJobsStorage__credential: 'managedidentity'
        AzureWebJobsStorage__clientId: appIdentity.properties.clientId
        DataStorage__credential: 'managedidentity'
        DataStorage__clientId: appIdentity.properties.clientId
        APPLICATIONINSIGHTS_CONNECTION_STRING: telemetry.properties.ConnectionString
        APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${appIdentity.properties.clientId};Authorization=AAD'
        // Nobody is shown a page at the address of the app but what it answers itself.
        AzureWebJobsDisableHomepage: 'true'
      },
      // The host looks for an account of which it knows the name alone in the public cloud; elsewhere an operator gives it the addresses.
      contains(overrides, 'AzureWebJobsStorage__blobServiceUri') ? {} : { AzureWebJobsStorage__accountName: host.name },
      overrides
    )
  }

  // Packages are deployed with the identity of whoever deploys; there are no publishing passwords.
  resource publishing 'basicPublishingCredentialsPolicies' = { name: 'scm', properties: { allow: false } }
  resource ftp 'basicPublishingCredentialsPolicies' = { name: 'ftp', properties: { allow: false } }
}

output uri string = 'https://${app.properties.defaultHostName}'
