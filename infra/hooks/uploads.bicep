// Tells the app of load files that land in the staging area. It needs the system key that the blob extension makes when the app first starts,
// so it is deployed by the hook after each deployment of the app (postdeploy.sh, postdeploy.ps1), as often as one likes.
param functionAppName string
param eventTopicName string
param dataStorageName string
param deadLetterContainer string

@description('The system key blobs_extension of the function app.')
@secure()
param blobsExtensionKey string

resource app 'Microsoft.Web/sites@2024-11-01' existing = { name: functionAppName }
resource data 'Microsoft.Storage/storageAccounts@2024-01-01' existing = { name: dataStorageName }

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: eventTopicName

  resource uploads 'eventSubscriptions' = {
    name: 'uploads'
    properties: {
      eventDeliverySchema: 'EventGridSchema'
      destination: {
        endpointType: 'WebHook'
        properties: {
          endpointUrl: 'https://${app.properties.defaultHostName}/runtime/webhooks/blobs?functionName=Host.Functions.StagingUpload&code=${blobsExtensionKey}'
          maxEventsPerBatch: 1
        }
      }
      filter: {
        includedEventTypes: ['Microsoft.Storage.BlobCreated']
        subjectBeginsWith: '/blobServices/default/containers/staging/blobs/StructuredData/'
        isSubjectCaseSensitive: false
        enableAdvancedFilteringOnArrays: true
        advancedFilters: [
          // Load files and packages. What they refer to reaches the app with no event: it looks for it every minute.
          { operatorType: 'StringEndsWith', key: 'subject', values: ['.dat', '.csv', '.txt', '.opt', '.lfp', '.zip'] }
          // A folder Import anywhere, in any case: what is below one but is no import folder of a workspace, such as an export's, the app leaves
          // aside when it is told. Exports of their own accord are written to other folders.
          { operatorType: 'StringContains', key: 'subject', values: ['/Import/'] }
        ]
      }
      retryPolicy: { maxDeliveryAttempts: 30, eventTimeToLiveInMinutes: 1440 }
      deadLetterWithResourceIdentity: {
        identity: { type: 'SystemAssigned' }
        deadLetterDestination: {
          endpointType: 'StorageBlob'
          properties: { resourceId: data.id, blobContainerName: deadLetterContainer }
        }
      }
    }
  }
}
