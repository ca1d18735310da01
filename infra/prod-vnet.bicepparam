using 'main.bicep'

// As prod, and no store can be reached from the internet.
param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param location = readEnvironmentVariable('AZURE_LOCATION')
param authAudience = readEnvironmentVariable('AUTH_AUDIENCE')
param alertEmail = readEnvironmentVariable('ALERT_EMAIL', '')
param size = 'prod'
param vnetEnabled = true
