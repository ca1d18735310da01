// What happens in the tenant's storage account. Who is told of it is decided after the app is deployed: hooks/uploads.bicep.
param name string
param location string
param tags object
param dataStorage string

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: dataStorage
}

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: name
  location: location
  tags: tags
  // With it the topic writes events that could not be delivered: the account knows no keys.
  identity: { type: 'SystemAssigned' }
  properties: { source: account.id, topicType: 'Microsoft.Storage.StorageAccounts' }
}
