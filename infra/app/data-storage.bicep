// What belongs to the tenant: load files (staging), the file repository (files), what jobs keep (jobs), and the tables of jobs.
param name string
param location string
param tags object
param sku string
param deadLetterContainer string

@description('Days for which deleted and replaced files can be brought back.')
param restoreDays int

@description('Days after which what a job keeps is removed.')
param jobRetentionDays int
param isPrivate bool

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: sku }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    // Event Grid writes undeliverable events here, with the identity of its topic.
    networkAcls: { bypass: 'AzureServices', defaultAction: isPrivate ? 'Deny' : 'Allow' }
  }

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      // Files are never overwritten by the app; versions and soft delete are for what people and accidents do.
      isVersioningEnabled: true
      deleteRetentionPolicy: { enabled: true, days: restoreDays }
      containerDeleteRetentionPolicy: { enabled: true, days: restoreDays }
    }

    resource containers 'containers' = [
      for container in ['staging', 'files', 'jobs', deadLetterContainer]: { name: container }
    ]
  }

  resource tables 'tableServices' = {
    name: 'default'

    resource names 'tables' = [
      for table in [
        'ApiKeys'
        'Audit'
        'AuditOpen'
        'BatchResults'
        'ErrorEntries'
        'JobErrors'
        'JobHistory'
        'Jobs'
        'Leases'
        'Schedules'
        'Uploads'
        'Warnings'
      ]: { name: table }
    ]
  }

  resource lifecycle 'managementPolicies' = {
    name: 'default'
    properties: {
      policy: {
        rules: [
          {
            // Nothing in staging or files is ever deleted by age: records may link to files where they lie.
            name: 'cool-what-is-read-no-more'
            type: 'Lifecycle'
            definition: {
              filters: { blobTypes: ['blockBlob'], prefixMatch: ['staging/', 'files/'] }
              actions: { baseBlob: { tierToCool: { daysAfterModificationGreaterThan: 90 } } }
            }
          }
          {
            name: 'end-of-jobs'
            type: 'Lifecycle'
            definition: {
              filters: { blobTypes: ['blockBlob', 'appendBlob'], prefixMatch: ['jobs/'] }
              actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: jobRetentionDays } } }
            }
          }
          {
            name: 'end-of-dead-letters'
            type: 'Lifecycle'
            definition: {
              filters: { blobTypes: ['blockBlob', 'appendBlob'], prefixMatch: ['${deadLetterContainer}/'] }
              actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: 30 } } }
            }
          }
          {
            name: 'end-of-versions'
            type: 'Lifecycle'
            definition: {
              filters: { blobTypes: ['blockBlob'] }
              actions: { version: { delete: { daysAfterCreationGreaterThan: restoreDays } } }
            }
          }
        ]
      }
    }
  }
}

output blobEndpoint string = account.properties.primaryEndpoints.blob
output queueEndpoint string = account.properties.primaryEndpoints.queue
output tableEndpoint string = account.properties.primaryEndpoints.table
