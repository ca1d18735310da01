// A virtual network in which the stores are reached at private addresses, and a fixed public address from which the app reaches everybody else.
param name string
param location string
param tags object
param addressPrefix string
param hostStorage string
param dataStorage string
param cosmos string
param vault string

resource outbound 'Microsoft.Network/publicIPAddresses@2024-07-01' = {
  name: 'pip-${name}'
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: { publicIPAllocationMethod: 'Static' }
}

resource gateway 'Microsoft.Network/natGateways@2024-07-01' = {
  name: 'ng-${name}'
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: { publicIpAddresses: [{ id: outbound.id }] }
}

resource vnet 'Microsoft.Network/virtualNetworks@2024-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addressPrefix] }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 25, 0)
          // The name that Flex Consumption delegates to.
          delegations: [{ name: 'app', properties: { serviceName: 'Microsoft.App/environments' } }]
          natGateway: { id: gateway.id }
          defaultOutboundAccess: false
        }
      }
      {
        name: 'private-endpoints'
        properties: { addressPrefix: cidrSubnet(addressPrefix, 25, 1), defaultOutboundAccess: false }
      }
    ]
  }

  resource endpointSubnet 'subnets' existing = { name: 'private-endpoints' }
}

resource host 'Microsoft.Storage/storageAccounts@2024-01-01' existing = { name: hostStorage }
resource data 'Microsoft.Storage/storageAccounts@2024-01-01' existing = { name: dataStorage }
resource records 'Microsoft.DocumentDB/databaseAccounts@2024-11-15' existing = { name: cosmos }
resource secrets 'Microsoft.KeyVault/vaults@2024-11-01' existing = { name: vault }

var zoneNames = [
  'privatelink.blob.${environment().suffixes.storage}'
  'privatelink.queue.${environment().suffixes.storage}'
  'privatelink.table.${environment().suffixes.storage}'
  environment().name == 'AzureUSGovernment' ? 'privatelink.documents.azure.us' : 'privatelink.documents.azure.com'
  environment().name == 'AzureUSGovernment'
    ? 'privatelink.vaultcore.usgovcloudapi.net'
    : 'privatelink.vaultcore.azure.net'
]

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for zone in zoneNames: { name: zone, location: 'global', tags: tags }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (zone, i) in zoneNames: {
    parent: zones[i]
    name: vnet.name
    location: 'global'
    tags: tags
    properties: { registrationEnabled: false, virtualNetwork: { id: vnet.id } }
  }
]

// What is reached, by which of its services, and in which of the zones above its name is found.
var endpoints = [
  { name: 'host-blob', target: host.id, service: 'blob', zone: 0 }
  { name: 'host-queue', target: host.id, service: 'queue', zone: 1 }
  { name: 'host-table', target: host.id, service: 'table', zone: 2 }
  { name: 'data-blob', target: data.id, service: 'blob', zone: 0 }
  { name: 'data-queue', target: data.id, service: 'queue', zone: 1 }
  { name: 'data-table', target: data.id, service: 'table', zone: 2 }
  { name: 'records', target: records.id, service: 'Sql', zone: 3 }
  { name: 'vault', target: secrets.id, service: 'vault', zone: 4 }
]

resource privateEndpoints 'Microsoft.Network/privateEndpoints@2024-07-01' = [
  for endpoint in endpoints: {
    name: 'pe-${endpoint.name}-${name}'
    location: location
    tags: tags
    properties: {
      subnet: { id: vnet::endpointSubnet.id }
      privateLinkServiceConnections: [
        #disable-next-line use-resource-id-functions // The list above has ids of resources only.
        { name: endpoint.name, properties: { privateLinkServiceId: endpoint.target, groupIds: [endpoint.service] } }
      ]
    }
  }
]

resource names 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-07-01' = [
  for (endpoint, i) in endpoints: {
    parent: privateEndpoints[i]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [{ name: endpoint.service, properties: { privateDnsZoneId: zones[endpoint.zone].id } }]
    }
  }
]
