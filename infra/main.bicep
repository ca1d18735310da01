// One deployment of Serverless Integration Points: everything one tenant has, in one resource group.
targetScope = 'subscription'

@description('Name of the azd environment; names the resource group and, hashed, everything in it.')
@minLength(1)
@maxLength(64)
param environmentName string

@description('Azure region of everything.')
@metadata({ azd: { type: 'location' } })
param location string

@description('How much it costs and survives: dev (one copy, little history) or prod (copies in other zones and another region, long history).')
@allowed(['dev', 'prod'])
param size string = 'dev'

@description('Stores are copied to other zones of the region: true, false (where the region has none), or empty: as the size says, prod yes, dev no.')
@allowed(['', 'true', 'false'])
param zoneRedundant string = ''

@description('The app, too, where its stores are in zones: at least two instances are then always ready, and paid for, for each part of it that scales by itself.')
param appZoneRedundant bool = false

@description('Stores have private endpoints only, and the app reaches them through a virtual network.')
param vnetEnabled bool = false

@description('Address space of the virtual network; the app gets the first half, private endpoints the second.')
param vnetAddressPrefix string = '10.90.0.0/24'

@description('Microsoft Entra tenant whose people sign in; empty: that of the subscription.')
param authTenantId string = ''

@description('Client id (or api://… address) of the Entra application that tokens are issued for; separated by commas when several.')
@minLength(1)
param authAudience string

@description('Where applications sign in whose directories are imported, in clouds of their own; empty: the address of the cloud of Microsoft that the integration point names.')
param entraSignIn string = ''

@description('Where Microsoft Graph is in such a cloud, without a version; empty: as above.')
param entraGraph string = ''

@description('Most instances that the app grows to.')
@minValue(40)
@maxValue(1000)
param maximumInstances int = size == 'prod' ? 100 : 40

@description('Instances that wait for events of the staging area even when there are none: 0, or 1 where uploads have to start at once.')
param alwaysReadyForUploads int = 0

@description('0: Cosmos DB serverless. Otherwise the most RU/s that it scales to; a tenth of that is paid for at least.')
param cosmosAutoscaleMaxThroughput int = 0

@description('Workspaces that may read the staging roots beside their own folder, separated by commas, by root.')
param stagingReaders { ARM: string, ProcessingSource: string, TenantVM: string } = {
  ARM: ''
  ProcessingSource: ''
  TenantVM: ''
}

@description('Requests per caller and minute that one instance of the app answers.')
param requestsPerMinute int = 1200

@description('Days after which what jobs keep (decisions, error files, manifests) is removed: undo and verification end then.')
param jobRetentionDays int = size == 'prod' ? 730 : 90

@description('The mail server that the password is for, as the instance setting SmtpServer names it; the app sends the password to no other.')
param smtpHost string = ''

@description('Password of the mail server, when it asks for one; the name of its user is an instance setting.')
@secure()
param smtpPassword string = ''

@description('App settings in place of those below or beside them, as Name=value;Name=value: what is set by hand on the app is undone by the next deployment.')
param appSettings string = ''

@description('Who is told of alerts and of the budget; empty: nobody.')
param alertEmail string = ''

@description('Amount a month, in the currency of the subscription, of which 80 % and 100 % are reported; 0: no budget.')
param monthlyBudget int = 0

@description('First day of the month in which the budget begins.')
param budgetStart string = utcNow('yyyy-MM-01')

var tags = { 'azd-env-name': environmentName }

// azd fills in texts, and an empty one where nothing was said: one rule for it and the parameter files.
var inZones = empty(zoneRedundant) ? size == 'prod' : zoneRedundant == 'true'

var overrides = toObject(
  filter(split(appSettings, ';'), setting => contains(setting, '=')),
  setting => trim(first(split(setting, '='))),
  setting => trim(join(skip(split(setting, '='), 1), '='))
)

// 13 characters that are the tenant's own: most of these names are the world's, and storage accounts have at most 24.
var token = toLower(uniqueString(subscription().id, environmentName, location))
var names = {
  app: 'func-${token}'
  plan: 'plan-${token}'
  identity: 'id-${token}'
  hostStorage: 'sthost${token}'
  dataStorage: 'stdata${token}'
  cosmos: 'cosmos-${token}'
  vault: 'kv-${token}'
  events: 'evgt-${token}'
  logs: 'log-${token}'
  applicationInsights: 'appi-${token}'
  network: 'vnet-${token}'
  budget: 'budget-${token}'
}
var packages = 'app-packages'
var deadLetters = 'dead-letters'
var database = 'integration-points'

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module identity 'app/identity.bicep' = {
  scope: group
  params: { name: names.identity, location: location, tags: tags }
}

module monitoring 'app/monitoring.bicep' = {
  scope: group
  params: {
    logs: names.logs
    applicationInsights: names.applicationInsights
    location: location
    tags: tags
    retentionDays: size == 'prod' ? 90 : 30
  }
}

module hostStorage 'app/host-storage.bicep' = {
  scope: group
  params: {
    name: names.hostStorage
    location: location
    tags: tags
    sku: inZones ? 'Standard_ZRS' : 'Standard_LRS'
    packageContainer: packages
    isPrivate: vnetEnabled
  }
}

module dataStorage 'app/data-storage.bicep' = {
  scope: group
  params: {
    name: names.dataStorage
    location: location
    tags: tags
    sku: size != 'prod' ? (inZones ? 'Standard_ZRS' : 'Standard_LRS') : inZones ? 'Standard_GZRS' : 'Standard_GRS'
    deadLetterContainer: deadLetters
    restoreDays: size == 'prod' ? 90 : 14
    jobRetentionDays: jobRetentionDays
    isPrivate: vnetEnabled
  }
}

module cosmos 'app/cosmos.bicep' = {
  scope: group
  params: {
    name: names.cosmos
    location: location
    tags: tags
    database: database
    autoscaleMaxThroughput: cosmosAutoscaleMaxThroughput
    isZoneRedundant: inZones
    backupTier: size == 'prod' ? 'Continuous30Days' : 'Continuous7Days'
    isPrivate: vnetEnabled
  }
}

module vault 'app/vault.bicep' = {
  scope: group
  params: { name: names.vault, location: location, tags: tags, smtpPassword: smtpPassword, isPrivate: vnetEnabled }
}

module events 'app/events.bicep' = {
  scope: group
  params: { name: names.events, location: location, tags: tags, dataStorage: names.dataStorage }
  dependsOn: [dataStorage]
}

module roles 'app/roles.bicep' = {
  scope: group
  params: {
    identity: names.identity
    events: names.events
    hostStorage: names.hostStorage
    dataStorage: names.dataStorage
    deadLetterContainer: deadLetters
    cosmos: names.cosmos
    database: database
    vault: names.vault
    applicationInsights: names.applicationInsights
  }
  dependsOn: [identity, events, hostStorage, dataStorage, cosmos, vault, monitoring]
}

module network 'app/network.bicep' = if (vnetEnabled) {
  scope: group
  params: {
    name: names.network
    location: location
    tags: tags
    addressPrefix: vnetAddressPrefix
    hostStorage: names.hostStorage
    dataStorage: names.dataStorage
    cosmos: names.cosmos
    vault: names.vault
  }
  dependsOn: [hostStorage, dataStorage, cosmos, vault]
}

module app 'app/function-app.bicep' = {
  scope: group
  params: {
    name: names.app
    plan: names.plan
    location: location
    tags: tags
    identity: names.identity
    hostStorage: names.hostStorage
    packageContainer: packages
    network: vnetEnabled ? names.network : ''
    maximumInstances: maximumInstances
    alwaysReadyForUploads: alwaysReadyForUploads
    applicationInsights: names.applicationInsights
    isZoneRedundant: appZoneRedundant && inZones
    overrides: overrides
    settings: {
      // In place of the name in host.json: apps that share a storage account need names of their own.
      AzureFunctionsJobHost__extensions__durableTask__hubName: 'IntegrationPoints'
      DataStorage__blobServiceUri: dataStorage.outputs.blobEndpoint
      DataStorage__queueServiceUri: dataStorage.outputs.queueEndpoint
      DataStorage__tableServiceUri: dataStorage.outputs.tableEndpoint
      Records__Cosmos__Endpoint: cosmos.outputs.endpoint
      Records__Cosmos__Database: database
      Records__Cosmos__Mode: 'Direct'
      Auth__TenantId: empty(authTenantId) ? tenant().tenantId : authTenantId
      Auth__Audience: authAudience
      Auth__Authority: environment().authentication.loginEndpoint
      // As long as Microsoft Entra ID lets somebody who is away stay signed in.
      Auth__SaverDays: '90'
      Entra__SignIn: entraSignIn
      Entra__Graph: entraGraph
      Limits__RequestsPerMinute: string(requestsPerMinute)
      Staging__Readable__ARM: stagingReaders.ARM
      Staging__Readable__ProcessingSource: stagingReaders.ProcessingSource
      Staging__Readable__TenantVM: stagingReaders.TenantVM
      Secrets__VaultUri: 'https://${names.vault}${environment().suffixes.keyvaultDns}/'
      Smtp__Host: smtpHost
      // Without a server there is no secret to refer to.
      Smtp__Password: empty(smtpHost)
        ? ''
        : '@Microsoft.KeyVault(SecretUri=https://${names.vault}${environment().suffixes.keyvaultDns}/secrets/smtp-password)'
      Smtp__CheckRevocation: 'true'
      Jobs__HistoryDays: '30'
      // Measured (tools/Bench); change them only with measurements.
      Jobs__FirstRetrySeconds: '5'
      Jobs__UploadQuietSeconds: '120'
      Jobs__PatienceSeconds: '30'
      Jobs__BatchRecords: '5000'
      Jobs__PageBatches: '64'
    }
  }
  // Without its roles the host cannot read its package, and starts in vain; without the network, its stores.
  dependsOn: [roles, network]
}

module alerts 'app/alerts.bicep' = {
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    email: alertEmail
    logs: names.logs
    cosmos: names.cosmos
    dataStorage: names.dataStorage
    hostStorage: names.hostStorage
    events: names.events
  }
  dependsOn: [monitoring, cosmos, dataStorage, hostStorage, events]
}

module budget 'app/budget.bicep' = if (monthlyBudget > 0 && !empty(alertEmail)) {
  scope: group
  params: { name: names.budget, amount: monthlyBudget, start: budgetStart, email: alertEmail }
}

// azd keeps these in its environment; the hook that runs after a deployment reads them.
output AZURE_SUBSCRIPTION_ID string = subscription().subscriptionId
output AZURE_RESOURCE_GROUP string = group.name
output AZURE_FUNCTION_APP_NAME string = names.app
output SERVICE_APP_URI string = app.outputs.uri
output EVENT_TOPIC_NAME string = names.events
output DATA_STORAGE_NAME string = names.dataStorage
output DEAD_LETTER_CONTAINER string = deadLetters
