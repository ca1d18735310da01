// What somebody has to look at; each says what to do.
param token string
param location string
param tags object
param email string
param logs string
param cosmos string
param dataStorage string
param hostStorage string
param events string

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' existing = { name: logs }
resource records 'Microsoft.DocumentDB/databaseAccounts@2024-11-15' existing = { name: cosmos }
resource data 'Microsoft.Storage/storageAccounts@2024-01-01' existing = { name: dataStorage }
resource host 'Microsoft.Storage/storageAccounts@2024-01-01' existing = { name: hostStorage }
resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = { name: events }

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(email)) {
  name: 'ag-${token}'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'intpoints'
    enabled: true
    emailReceivers: [{ name: 'email', emailAddress: email, useCommonAlertSchema: true }]
  }
}

var queries = [
  {
    name: 'jobs-failed'
    text: 'A job ended as failed: its history has one job-level error that says why (ip job list, ip job errors JOB).'
    query: 'union isfuzzy=true AppMetrics | where Name == "jobs.ended" and tostring(Properties.status) in ("Failed", "ValidationFailed")'
  }
  {
    name: 'poison-messages'
    text: 'The event of an upload failed five times and was put aside into the queue webjobs-blobtrigger-poison: upload the load file again.'
    query: 'union isfuzzy=true AppTraces | where Message has "webjobs-blobtrigger-poison"'
  }
]

resource queryAlerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for alert in queries: {
    name: 'alert-${alert.name}-${token}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: alert.name
      description: alert.text
      severity: 2
      enabled: true
      scopes: [workspace.id]
      evaluationFrequency: 'PT15M'
      // Longer than the pause between two looks: a row may arrive late.
      windowSize: 'PT30M'
      // A new workspace has no tables yet, in which the names could be found.
      skipQueryValidation: true
      autoMitigate: true
      criteria: {
        allOf: [{ query: alert.query, timeAggregation: 'Count', operator: 'GreaterThan', threshold: 0 }]
      }
      actions: { actionGroups: empty(email) ? [] : [people.id] }
    }
  }
]

var throttled = {
  name: 'ResponseType'
  operator: 'Include'
  values: ['ClientThrottlingError', 'ServerBusyError', 'ClientAccountBandwidthThrottlingError']
}

var metrics = [
  {
    name: 'records-throttled'
    text: 'Cosmos DB refused requests for being too many. Jobs go slower, and repeat batches; raise cosmosAutoscaleMaxThroughput when it lasts.'
    scope: records.id
    namespace: 'Microsoft.DocumentDB/databaseAccounts'
    metric: 'TotalRequests'
    aggregation: 'Count'
    threshold: 1000
    dimensions: [{ name: 'StatusCode', operator: 'Include', values: ['429'] }]
  }
  {
    name: 'data-storage-throttled'
    text: 'The storage account of files and tables refused requests for being too many.'
    scope: data.id
    namespace: 'Microsoft.Storage/storageAccounts'
    metric: 'Transactions'
    aggregation: 'Total'
    threshold: 100
    dimensions: [throttled]
  }
  {
    name: 'host-storage-throttled'
    text: 'The storage account of the Functions host refused requests for being too many.'
    scope: host.id
    namespace: 'Microsoft.Storage/storageAccounts'
    metric: 'Transactions'
    aggregation: 'Total'
    threshold: 100
    dimensions: [throttled]
  }
  {
    name: 'events-undeliverable'
    text: 'Event Grid gave up events of uploads. They lie in the container of dead letters; the load files wait for a job.'
    scope: topic.id
    namespace: 'Microsoft.EventGrid/systemTopics'
    metric: 'DeadLetteredCount'
    aggregation: 'Total'
    threshold: 0
    dimensions: []
  }
  {
    name: 'events-dropped'
    text: 'Event Grid dropped events of uploads: they could not even be put aside as dead letters. Is the container there, and has the topic its role? Start what was uploaded by hand (ip point run).'
    scope: topic.id
    namespace: 'Microsoft.EventGrid/systemTopics'
    metric: 'DroppedEventCount'
    aggregation: 'Total'
    threshold: 0
    dimensions: []
  }
  {
    name: 'events-failing'
    text: 'The app does not take events of uploads. They are repeated for a day, but at once put aside as dead letters where it answers 400, 401, 403 or 413: 401 says that its key changed (azd hooks run postdeploy).'
    scope: topic.id
    namespace: 'Microsoft.EventGrid/systemTopics'
    metric: 'DeliveryAttemptFailCount'
    aggregation: 'Total'
    threshold: 10
    dimensions: []
  }
]

resource metricAlerts 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for alert in metrics: {
    name: 'alert-${alert.name}-${token}'
    location: 'global'
    tags: tags
    properties: {
      description: alert.text
      severity: 2
      enabled: true
      scopes: [alert.scope]
      evaluationFrequency: 'PT5M'
      windowSize: 'PT15M'
      autoMitigate: true
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: alert.name
            metricNamespace: alert.namespace
            metricName: alert.metric
            timeAggregation: alert.aggregation
            operator: 'GreaterThan'
            threshold: alert.threshold
            dimensions: alert.dimensions
          }
        ]
      }
      actions: empty(email) ? [] : [{ actionGroupId: people.id }]
    }
  }
]
