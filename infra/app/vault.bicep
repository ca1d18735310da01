// Secrets that an administrator gives the app, and passwords and keys of sources, which the app keeps here by itself. Purge protection cannot be taken back, and keeps the name for 90 days after a deletion.
param name string
param location string
param tags object

@secure()
param smtpPassword string
param isPrivate bool

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    enablePurgeProtection: true
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: { bypass: 'AzureServices', defaultAction: isPrivate ? 'Deny' : 'Allow' }
  }

  resource password 'secrets' = if (!empty(smtpPassword)) {
    name: 'smtp-password'
    properties: { value: smtpPassword }
  }
}
