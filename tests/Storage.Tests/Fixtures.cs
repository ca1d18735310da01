using IntegrationPoints.Storage.Tests.Records;

[assembly: AssemblyFixture(typeof(AzuriteServer))]
[assembly: AssemblyFixture(typeof(CosmosStores))]
