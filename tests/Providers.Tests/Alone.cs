namespace IntegrationPoints.Providers.Tests;

/// <summary>Tests that count the memory of the process: nothing else runs at the time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone : ICollectionFixture<Stores>
{
    public const string Name = "Alone in the process";
}
