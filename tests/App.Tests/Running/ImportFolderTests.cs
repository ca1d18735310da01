using IntegrationPoints.App.Jobs;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>Which blobs that Event Grid tells of start something: infra/hooks/uploads.bicep lets through whatever has Import in its path, in any case.</summary>
public sealed class ImportFolderTests
{
    [Theory]
    [InlineData("StructuredData/w/Import/p/a.dat", "w p a.dat")]
    [InlineData("StructuredData/w/import/p/a.dat", "w p a.dat")]
    [InlineData("StructuredData/w/IMPORT/p/VOL001/a.dat", "w p VOL001/a.dat")]
    [InlineData("StructuredData/w/Export/Import/x.dat", null)]
    [InlineData("StructuredData/w/Export/Import/p/x.dat", null)]
    [InlineData("StructuredData/w/Imports/p/a.dat", null)]
    [InlineData("ProcessingSource/w/Import/p/a.dat", null)]
    [InlineData("StructuredData/w/Import", null)]
    public void Only_the_import_folder_of_a_workspace_counts(string name, string? starts)
        => Assert.Equal(starts, WaitingUploads.ImportFolder(name) is var (workspace, point, rest) ? $"{workspace} {point} {string.Join('/', rest)}" : null);
}
