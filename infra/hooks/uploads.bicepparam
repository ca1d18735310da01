using 'uploads.bicep'

// From the environment, and not from the command line, where others on the machine could read the key.
param functionAppName = readEnvironmentVariable('AZURE_FUNCTION_APP_NAME')
param eventTopicName = readEnvironmentVariable('EVENT_TOPIC_NAME')
param dataStorageName = readEnvironmentVariable('DATA_STORAGE_NAME')
param deadLetterContainer = readEnvironmentVariable('DEAD_LETTER_CONTAINER')
param blobsExtensionKey = readEnvironmentVariable('BLOBS_EXTENSION_KEY')
