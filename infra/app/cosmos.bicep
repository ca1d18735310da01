// The record store. Database and container are made here, as CosmosRecords would make them: the app's role does not let it make any.
param name string
param location string
param tags object
param database string

@description('0: serverless.')
param autoscaleMaxThroughput int
param isZoneRedundant bool

@allowed(['Continuous7Days', 'Continuous30Days'])
param backupTier string
param isPrivate bool

resource account 'Microsoft.DocumentDB/databaseAccounts@2024-11-15' = {
  name: name
  location: location
  tags: tags
  kind: 'GlobalDocumentDB'
  properties: {
    databaseAccountOfferType: 'Standard'
    locations: [{ locationName: location, failoverPriority: 0, isZoneRedundant: isZoneRedundant }]
    capabilities: autoscaleMaxThroughput == 0 ? [{ name: 'EnableServerless' }] : []
    // A batch reads the etags that another instance wrote.
    consistencyPolicy: { defaultConsistencyLevel: 'Session' }
    backupPolicy: { type: 'Continuous', continuousModeProperties: { tier: backupTier } }
    disableLocalAuth: true
    disableKeyBasedMetadataWriteAccess: true
    minimalTlsVersion: 'Tls12'
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
  }

  resource records 'sqlDatabases' = {
    name: database
    properties: { resource: { id: database } }

    resource container 'containers' = {
      name: 'records'
      properties: {
        resource: {
          id: 'records'
          partitionKey: { kind: 'Hash', version: 2, paths: ['/pk'] }
          indexingPolicy: {
            indexingMode: 'consistent'
            automatic: true
            includedPaths: [
              { path: '/pk/?' }
              { path: '/sort/?' }
              { path: '/body/f/*' }
              { path: '/body/folder/ids/[]/?' }
            ]
            excludedPaths: [{ path: '/*' }]
          }
        }
        options: autoscaleMaxThroughput == 0 ? {} : { autoscaleSettings: { maxThroughput: autoscaleMaxThroughput } }
      }
    }
  }
}

output endpoint string = account.properties.documentEndpoint
