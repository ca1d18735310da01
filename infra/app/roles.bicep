// Who may do what, and why. There are no keys: what is not granted here is refused.
param identity string
param events string
param hostStorage string
param dataStorage string
param deadLetterContainer string
param cosmos string
param database string
param vault string
param applicationInsights string

var blobDataOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
var blobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
var queueDataContributor = '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
var tableDataContributor = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
var secretsOfficer = 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'
var metricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'

resource app 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identity
}

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: events
}

resource host 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: hostStorage
}

resource data 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: dataStorage

  resource blobs 'blobServices' existing = {
    name: 'default'

    resource undeliverable 'containers' existing = {
      name: deadLetterContainer
    }
  }
}

resource secrets 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: vault
}

resource telemetry 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsights
}

resource records 'Microsoft.DocumentDB/databaseAccounts@2024-11-15' existing = {
  name: cosmos
}

var onHost = [
  {
    role: blobDataOwner
    reason: 'The host reads the app package and keeps keys, timer locks and leases of Durable Functions, whose containers it makes.'
  }
  {
    role: queueDataContributor
    reason: 'Durable Functions sends its messages through queues; blob events wait in one until they are handled.'
  }
  { role: tableDataContributor, reason: 'Durable Functions keeps histories and states of orchestrations in tables.' }
]

var onData = [
  {
    role: blobDataOwner
    reason: 'The app reads and writes load files, files and jobs, and signs addresses for uploads and copies; the blob trigger asks for this role.'
  }
  {
    role: queueDataContributor
    reason: 'The blob trigger puts events that failed five times into a poison queue beside the blobs.'
  }
  {
    role: tableDataContributor
    reason: 'Job history, errors, results, leases, schedules, uploads, API keys and audit are tables that the app makes and fills.'
  }
]

resource hostGrants 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for grant in onHost: {
    name: guid(host.id, app.id, grant.role)
    scope: host
    properties: {
      principalId: app.properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', grant.role)
      description: grant.reason
    }
  }
]

resource dataGrants 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for grant in onData: {
    name: guid(data.id, app.id, grant.role)
    scope: data
    properties: {
      principalId: app.properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', grant.role)
      description: grant.reason
    }
  }
]

resource deadLetterGrant 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(data::blobs::undeliverable.id, topic.id, blobDataContributor)
  scope: data::blobs::undeliverable
  properties: {
    principalId: topic.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    description: 'Event Grid writes events that it could not deliver into this container, and nowhere else.'
  }
}

// Secrets User reads and no more. Of the built-in roles Secrets Officer is the least that can set, list and delete secrets; it manages no keys, no
// certificates and no access, and purge protection keeps it from destroying what it deletes.
resource secretsGrant 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(secrets.id, app.id, secretsOfficer)
  scope: secrets
  properties: {
    principalId: app.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsOfficer)
    description: 'The app keeps passwords and keys of sources as secrets, reads them when a job runs, and deletes those that nothing refers to any more; the setting Smtp__Password refers to another, which the platform reads with the same identity.'
  }
}

resource telemetryGrant 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(telemetry.id, app.id, metricsPublisher)
  scope: telemetry
  properties: {
    principalId: app.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', metricsPublisher)
    description: 'Host and app send logs, traces and metrics with the identity of the app; the instrumentation key alone is refused.'
  }
}

@description('The app reads and writes records of its one database (Built-in Data Contributor); it can make, change or remove no database or container.')
resource recordsGrant 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments@2024-11-15' = {
  parent: records
  name: guid(records.id, database, app.id)
  properties: {
    principalId: app.properties.principalId
    roleDefinitionId: '${records.id}/sqlRoleDefinitions/00000000-0000-0000-0000-000000000002'
    scope: '${records.id}/dbs/${database}'
  }
}
