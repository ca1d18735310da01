using 'main.bicep'

// The cheapest deployment that does everything.
param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param location = readEnvironmentVariable('AZURE_LOCATION')
param authAudience = readEnvironmentVariable('AUTH_AUDIENCE')
param alertEmail = readEnvironmentVariable('ALERT_EMAIL', '')
param authTenantId = readEnvironmentVariable('AUTH_TENANT_ID', '')
param entraSignIn = readEnvironmentVariable('ENTRA_SIGN_IN', '')
param entraGraph = readEnvironmentVariable('ENTRA_GRAPH', '')
param smtpHost = readEnvironmentVariable('SMTP_HOST', '')
param smtpPassword = readEnvironmentVariable('SMTP_PASSWORD', '')
param monthlyBudget = int(readEnvironmentVariable('MONTHLY_BUDGET', '0'))
param cosmosAutoscaleMaxThroughput = int(readEnvironmentVariable('COSMOS_AUTOSCALE', '0'))
param alwaysReadyForUploads = int(readEnvironmentVariable('ALWAYS_READY_FOR_UPLOADS', '0'))
param zoneRedundant = readEnvironmentVariable('ZONE_REDUNDANT', '')
param appZoneRedundant = bool(readEnvironmentVariable('APP_ZONE_REDUNDANT', 'false'))
param appSettings = readEnvironmentVariable('APP_SETTINGS', '')
param size = 'dev'
param vnetEnabled = false
